package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkerBuilderTest {

  private static final TaskHandler HANDLER = (task, context) -> Outcome.success("");

  private static WorkerBuilder complete() {
    return DocketWorker.builder()
        .server(URI.create("http://localhost:5500"))
        .key("asr")
        .handler(HANDLER);
  }

  @Test
  void buildNamesMissingSetting() {
    URI server = URI.create("http://localhost:5500");
    assertThatThrownBy(() -> DocketWorker.builder().key("A").handler(HANDLER).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("server(..)");
    assertThatThrownBy(() -> DocketWorker.builder().server(server).handler(HANDLER).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("key(..)");
    assertThatThrownBy(
            () -> DocketWorker.builder().server(server).handler("A", HANDLER).key("B").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("handler(..)")
        .hasMessageContaining("B");
    assertThatThrownBy(() -> complete().types().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("types(..)");
  }

  @Test
  void rejectsInvalidValuesImmediately() {
    WorkerBuilder builder = complete();
    assertThatThrownBy(() -> builder.server(URI.create("localhost:5500")))
        .hasMessageContaining("server");
    assertThatThrownBy(() -> builder.broker("localhost")).hasMessageContaining("broker");
    assertThatThrownBy(() -> builder.token("s3cret\nX-Other: 1"))
        .hasMessageContaining("token")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> builder.key("a.b")).hasMessageContaining("a.b");
    assertThatThrownBy(() -> builder.concurrency(0)).hasMessageContaining("concurrency");
    assertThatThrownBy(() -> builder.name(" ")).hasMessageContaining("name");
    assertThatThrownBy(() -> builder.name("x".repeat(257))).hasMessageContaining("name");
    assertThatThrownBy(() -> builder.stopLimit(Duration.ofSeconds(-1)))
        .hasMessageContaining("stopLimit");
  }

  @Test
  void generatesUniqueNames() {
    try (DocketWorker one = complete().build();
        DocketWorker two = complete().build()) {
      assertThat(one.name()).isNotEqualTo(two.name()).contains("-" + ProcessHandle.current().pid());
    }
  }

  @Test
  void cannotStartAfterStop() {
    DocketWorker worker = complete().build();
    worker.stop();
    assertThatThrownBy(worker::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doesNotPrintSecrets() {
    assertThat(new Secret("key-1")).hasToString("[REDACTED]");
  }
}
