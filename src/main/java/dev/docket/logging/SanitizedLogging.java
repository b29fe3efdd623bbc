package dev.docket.logging;

import ch.qos.logback.classic.LoggerContext;
import com.codahale.metrics.MetricRegistry;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.logging.common.LoggingUtil;
import java.util.Collection;

/**
 * The configured logging, of any type, with sanitized events. Puts a {@link SanitizingAppender} in
 * front of every appender that the configuration sets up, so that no layout and no logger is left
 * out.
 */
public final class SanitizedLogging implements LoggingFactory {

  private final LoggingFactory configured;
  private final LogText text;

  /** Redacts these secrets. */
  public SanitizedLogging(LoggingFactory configured, Collection<String> secrets) {
    this.configured = configured;
    this.text = new LogText(secrets);
  }

  @Override
  public void configure(MetricRegistry metrics, String name) {
    configured.configure(metrics, name);
    sanitize();
  }

  @Override
  public void stop() {
    configured.stop();
  }

  @Override
  public void reset() {
    configured.reset();
    sanitize();
  }

  private void sanitize() {
    sanitize(LoggingUtil.getLoggerContext(), text);
  }

  static void sanitize(LoggerContext context, LogText text) {
    context
        .getLoggerList()
        .forEach(
            logger -> SanitizingAppender.install(logger, event -> SanitizedEvent.of(event, text)));
  }

  @Override
  public String toString() {
    return configured.toString();
  }
}
