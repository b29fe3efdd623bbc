package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerStoreIT {

  @TempDir private Path dir;

  @Test
  void keepsDurableObjectsAfterStop() throws Exception {
    EmbeddedBrokerSettings settings = EmbeddedBrokerSettings.in(dir);
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings);
        Amqp amqp = new Amqp(broker.amqp())) {
      amqp.channel().exchangeDeclare("x", "topic", true);
      amqp.channel().queueDeclare("q", true, false, false, null);
      amqp.channel().queueBind("q", "x", "#.ASR");
      amqp.publish("x", "Video.ASR", "one");
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(settings);
        Amqp amqp = new Amqp(broker.amqp())) {
      assertThatThrownBy(() -> EmbeddedBroker.start(settings))
          .isInstanceOf(BackendStartException.class)
          .hasMessageContaining("another broker is using the store");
      assertThat(broker.bindings()).contains(new QueueBinding("x", "q", "#.ASR"));
      assertThat(amqp.channel().basicGet("q", true).getBody()).asString().isEqualTo("one");
    }
  }

  @Test
  void failedStartReportsReasonAndReleasesStore() throws Exception {
    EmbeddedBrokerSettings settings = EmbeddedBrokerSettings.in(dir);
    EmbeddedBroker.start(settings).close();
    Files.delete(dir.resolve("store/default/service.properties"));

    assertThatThrownBy(() -> EmbeddedBroker.start(settings))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContainingAll("Unable to open configuration tables", "derby.log");

    StoreLock.acquire(dir).close();
  }

  @Test
  void rejectsStoreThatIsNotADirectory() throws Exception {
    Files.writeString(dir.resolve("store"), "a file where a directory should be");

    assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBrokerSettings.in(dir)))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContaining("cannot create the directory");
  }

  @Test
  void keepsConfirmedMessagesAfterKill() throws Exception {
    String published;
    try (OtherJvm jvm = OtherJvm.start("broker", dir)) {
      published = jvm.words().get(0);
      jvm.kill();
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerSettings.in(dir))) {
      assertThat(broker.queues())
          .isEqualTo(List.of(new QueueStatistics("kept", true, Long.parseLong(published), 0, 0)));
    }
  }
}
