package dev.docket.logging;

import ch.qos.logback.access.common.spi.IAccessEvent;
import ch.qos.logback.core.spi.AppenderAttachable;
import io.dropwizard.request.logging.RequestLogFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.RequestLog;
import org.jspecify.annotations.Nullable;

/**
 * The configured request log, with sanitized events. {@link SanitizedLogging} does the same for the
 * other log.
 */
public final class SanitizedRequestLog<T extends RequestLog> implements RequestLogFactory<T> {

  private final RequestLogFactory<T> configured;
  private final LogText text;

  /** Redacts these secrets. */
  public SanitizedRequestLog(RequestLogFactory<T> configured, Collection<String> secrets) {
    this.configured = configured;
    this.text = new LogText(secrets);
  }

  @Override
  public boolean isEnabled() {
    return configured.isEnabled();
  }

  @Override
  @SuppressWarnings("unchecked") // a request log with appenders has appenders of access events
  public T build(String name) {
    T log = configured.build(name);
    if (log instanceof AppenderAttachable<?> appenders) {
      UnaryOperator<IAccessEvent> sanitizer = event -> sanitized(event, text);
      SanitizingAppender.install((AppenderAttachable<IAccessEvent>) appenders, sanitizer);
    }
    return log;
  }

  /** An event that sanitizes every text when a layout asks for it. */
  static IAccessEvent sanitized(IAccessEvent event, LogText text) {
    return (IAccessEvent)
        Proxy.newProxyInstance(
            IAccessEvent.class.getClassLoader(),
            new Class<?>[] {IAccessEvent.class},
            (proxy, method, arguments) -> {
              try {
                return sanitized(method.invoke(event, arguments), text);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private static @Nullable Object sanitized(@Nullable Object value, LogText text) {
    if (value instanceof String string) {
      return text.sanitize(string, LogText.MAX_MESSAGE);
    }
    if (value instanceof String[] strings) {
      return Arrays.stream(strings).map(string -> sanitized(string, text)).toArray(String[]::new);
    }
    if (value instanceof Map<?, ?> map) {
      Map<@Nullable Object, @Nullable Object> sanitized = new LinkedHashMap<>();
      map.forEach((key, each) -> sanitized.put(sanitized(key, text), sanitized(each, text)));
      return sanitized;
    }
    return value;
  }
}
