package dev.docket.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import co.elastic.logging.logback.EcsEncoder;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import java.nio.charset.StandardCharsets;
import java.util.TimeZone;

/**
 * Formats log lines as JSON in the Elastic Common Schema: {@code layout: {type: ecs}} of an
 * appender. Key-value pairs of a line, such as {@code task}, become fields.
 */
@JsonTypeName("ecs")
public final class EcsLayoutFactory implements DiscoverableLayoutFactory<ILoggingEvent> {

  @Override
  public LayoutBase<ILoggingEvent> build(LoggerContext context, TimeZone timeZone) {
    EcsEncoder encoder = new EcsEncoder();
    encoder.setServiceName("docket");
    encoder.setContext(context);
    encoder.start();
    return new LayoutBase<>() {
      @Override
      public String doLayout(ILoggingEvent event) {
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
      }
    };
  }
}
