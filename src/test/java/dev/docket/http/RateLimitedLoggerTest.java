package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RateLimitedLoggerTest {

  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private long nanos;

  @Test
  void logsOneLinePerSecondWithNumberOfSuppressedMessages() {
    LoggerContext context = new LoggerContext();
    Logger target = context.getLogger("frequent");
    written.start();
    target.addAppender(written);
    RateLimitedLogger logger = new RateLimitedLogger(target, () -> nanos);

    for (int i = 0; i < 2_001; i++) {
      logger.warn("no store");
      nanos += Duration.ofMillis(1).toNanos();
    }

    assertThat(written.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "no store",
            "no store (999 similar messages suppressed)",
            "no store (999 similar messages suppressed)");
  }
}
