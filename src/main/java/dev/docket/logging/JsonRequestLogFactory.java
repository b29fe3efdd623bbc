package dev.docket.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.async.AsyncLoggingEventAppenderFactory;
import io.dropwizard.logging.common.filter.ThresholdLevelFilterFactory;
import io.dropwizard.request.logging.RequestLogFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.TimeZone;
import org.eclipse.jetty.server.RequestLog;
import org.slf4j.LoggerFactory;

/**
 * The request log in JSON: {@code requestLog: {type: docket}}. Its appenders have the settings of
 * the appenders of {@code logging}; each has a bounded queue.
 */
@JsonTypeName("docket")
public final class JsonRequestLogFactory implements RequestLogFactory<RequestLog> {

  private static final String LOGGER = "http.request";

  @JsonProperty("appenders")
  @NotNull
  @Valid
  private List<AppenderFactory<ILoggingEvent>> appenders = List.of();

  private LogText text = new LogText(List.of());

  /** Redacts these secrets too. */
  public JsonRequestLogFactory redacting(Collection<String> secrets) {
    text = new LogText(secrets);
    return this;
  }

  @Override
  public boolean isEnabled() {
    return !appenders.isEmpty();
  }

  @Override
  public RequestLog build(String name) {
    Logger logger = (Logger) LoggerFactory.getLogger(LOGGER);
    logger.setAdditive(false);
    LoggerContext context = logger.getLoggerContext();
    AppenderAttachableImpl<ILoggingEvent> targets = new AppenderAttachableImpl<>();
    for (AppenderFactory<ILoggingEvent> appender : appenders) {
      targets.addAppender(
          appender.build(
              context,
              name,
              JsonRequestLogFactory::layout,
              new ThresholdLevelFilterFactory(),
              new AsyncLoggingEventAppenderFactory()));
    }
    return new JsonRequestLog(
        line ->
            targets.appendLoopOnAppenders(
                new LoggingEvent(LOGGER, logger, Level.INFO, line, null, null)),
        targets::detachAndStopAllAppenders,
        text,
        new RejectionLimit(System::nanoTime),
        Clock.systemUTC());
  }

  private static PatternLayout layout(LoggerContext context, TimeZone timeZone) {
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern("%m%n");
    return layout;
  }
}
