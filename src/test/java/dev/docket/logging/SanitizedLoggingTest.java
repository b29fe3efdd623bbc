package dev.docket.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.async.AsyncLoggingEventAppenderFactory;
import io.dropwizard.logging.common.filter.ThresholdLevelFilterFactory;
import io.dropwizard.logging.common.layout.DropwizardLayoutFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sanitizes the lines of every layout, in a file. */
final class SanitizedLoggingTest {

  private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());
  private static final String ATTACK =
      "state=\r\n2026-01-01 ERROR forged\u001b[2J\u009b\u2028\u202e Bearer abc123def456";
  private static final String SAFE =
      "state=\\r\\n2026-01-01 ERROR forged\\u001b[2J\\u009b\\u2028\\u202e Bearer [REDACTED]";

  @TempDir private Path directory;

  private static Stream<String> layouts() {
    return Stream.of(
        // Dropwizard's default
        "",
        // config.yml
        "logFormat: \"%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5p %c{0} - %m %kvp%n%ex\"",
        // a site's own
        "logFormat: \"[%t] %X %logger{20} %kvp{NONE} %msg%n%rEx\"",
        "messageRate: 1ns",
        "layout: {type: ecs}");
  }

  private String write(String layout, boolean sanitized, Consumer<Logger> lines) {
    Path file = directory.resolve(sanitized ? "sanitized.log" : "plain.log");
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    Logger logger = context.getLogger("dev.docket.Test");
    logger.setLevel(Level.TRACE);
    try {
      Files.deleteIfExists(file);
      AppenderFactory<ILoggingEvent> factory =
          YAML.readValue(
              "type: file\ncurrentLogFilename: "
                  + file
                  + "\narchive: false\nincludeCallerData: true\n"
                  + layout,
              new TypeReference<>() {});
      Appender<ILoggingEvent> appender =
          factory.build(
              context,
              "test",
              new DropwizardLayoutFactory(),
              new ThresholdLevelFilterFactory(),
              new AsyncLoggingEventAppenderFactory());
      logger.addAppender(appender);
      if (sanitized) {
        SanitizedLogging.sanitize(context, new LogText(List.of("correct-horse")));
      }
      lines.accept(logger);
      context.stop();
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void attack(Logger logger) {
    RuntimeException cause = new IllegalStateException(ATTACK);
    RuntimeException failure = new IllegalArgumentException("failed: " + ATTACK, cause);
    failure.addSuppressed(new UnsupportedOperationException(ATTACK));
    logger
        .atWarn()
        .addKeyValue("task", ATTACK)
        .addKeyValue("attempt", 3)
        .setCause(failure)
        .log("Rejected {}; correct-horse", ATTACK);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void escapesAndRedactsInEveryPartOfLine(String layout) {
    String log = write(layout, true, SanitizedLoggingTest::attack);
    assertThat(log).doesNotContain("abc123def456", "correct-horse");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("2026-01-01 ERROR forged"));
    assertThat(log.chars().filter(c -> c != '\n' && c != '\t' && TextScan.isControl((char) c)))
        .isEmpty();
    assertThat(log.replace("\\\\", "\\")).contains("Rejected " + SAFE + "; [REDACTED]");
    assertThat(log.replace("\\\\", "\\"))
        .contains("IllegalStateException: " + SAFE, "UnsupportedOperationException: " + SAFE);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void boundsSizeOfLine(String layout) {
    String log =
        write(
            layout,
            true,
            logger -> {
              logger
                  .atError()
                  .addKeyValue("task", "v".repeat(56 * 1024))
                  .setCause(nested("m".repeat(56 * 1024)))
                  .log("Rejected {}", "x".repeat(1 << 20));
              logger.error("Failed", recurse(3000));
            });
    boolean complete =
        log.contains("characters omitted")
            && log.contains("stack frames omitted")
            && log.contains("further exceptions omitted");
    assertThat(complete).as("says what it omits").isTrue();
    assertThat(log.length()).isLessThan(500 * 1024);
  }

  private static RuntimeException nested(String message) {
    RuntimeException failure = new IllegalStateException(message);
    for (int i = 0; i < 1000; i++) {
      failure = new IllegalStateException(message, failure);
    }
    return failure;
  }

  private static RuntimeException recurse(int depth) {
    return depth == 0 ? new IllegalStateException("deep") : recurse(depth - 1);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void leavesOrdinaryLinesUnchanged(String layout) {
    RuntimeException failure =
        new IllegalArgumentException(
            "priority must be between 0 and 10", new IOException("connection refused"));
    failure.addSuppressed(new IllegalStateException("and then"));
    Consumer<Logger> ordinary =
        logger -> {
          logger.info("Serving {} requests, журнал 文書 \uD83D\uDCDA", 3);
          logger.atWarn().addKeyValue("task", "t1").addKeyValue("attempt", 2).log("Lost the lease");
          logger.error("A request failed with an unexpected error", failure);
        };
    String times = "\"@timestamp\":\"[^\"]*\"|\\[?\\d{4}-\\d{2}-\\d{2}[T ][0-9:.,]+Z?\\]?";
    assertThat(write(layout, true, ordinary).replaceAll(times, ""))
        .isEqualTo(write(layout, false, ordinary).replaceAll(times, ""))
        .contains("Lost the lease");
  }

  @Test
  void keepsNumbersOfEcsFieldsAndTypesOfExceptions() throws Exception {
    String log = write("layout: {type: ecs}", true, SanitizedLoggingTest::attack);
    JsonNode line = new ObjectMapper().readTree(log);
    assertThat(line.path("error.type").textValue())
        .isEqualTo(IllegalArgumentException.class.getName());
    assertThat(line.path("error.stack_trace").textValue().lines())
        .anyMatch(frame -> frame.strip().startsWith("at " + getClass().getName() + ".attack"));
  }

  @Test
  void sanitizesThreadNameAndMdc() {
    String log =
        write(
            "logFormat: \"[%t] %X %m%n\"",
            true,
            logger -> {
              Thread thread = Thread.currentThread();
              String name = thread.getName();
              thread.setName("dw-1 - GET /?access_token=hush\u001b");
              logger.getLoggerContext().getMDCAdapter().put("user", "a\nb");
              logger.info("line");
              thread.setName(name);
            });
    assertThat(log).isEqualTo("[dw-1 - GET /?access_token=[REDACTED]] user=a\\nb line\n");
  }
}
