package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.LocalRabbitMq;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.PublishOutcome;
import dev.docket.broker.TaskQueue.Delivery;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleTasks;
import dev.docket.rabbit.connection.SampleSettings;
import dev.docket.rabbit.consume.RecordingReplyHandler;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests with a RabbitMQ that is short of memory, and so stops reading from publishers. */
final class BlockedRabbitIT {

  @RegisterExtension
  static final BackendsExtension backends = BackendsExtension.rabbit().exclusive();

  private static final Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  private final LocalRabbitMq rabbit = (LocalRabbitMq) backends.broker();

  @AfterEach
  void unblock() {
    rabbit.ctl("set_vm_memory_high_watermark", "0.4");
  }

  @Test
  void rejectsMessagesImmediatelyAndBoundsMemory() throws Exception {
    try (BrokerFixture broker = new BrokerFixture(rabbit, backends.prefix())) {
      RabbitBroker docket =
          broker.started(
              SampleSettings.at(
                  broker.broker().amqp(),
                  broker.prefix(),
                  SampleSettings.HEARTBEAT,
                  100,
                  SampleSettings.PREFETCH));
      broker.workerQueue(ASR);
      block();

      // RabbitMQ sends connection.blocked only when the first message arrives.
      List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        outcomes.add(publish(docket, "x".repeat(100_000)));
      }
      assertThat(docket.publisher().unconfirmed()).isLessThanOrEqualTo(100);
      await().until(() -> docket.healthError().isPresent());
      assertThat(docket.healthError()).get().asString().contains("blocks publishing");
      assertThat(docket.publisher().ready()).isFalse();
      assertThat(publish(docket, "more")).isCompletedWithValue(PublishOutcome.NOT_NOW);

      unblock();
      await().until(() -> docket.publisher().ready());
      await().until(() -> outcomes.stream().allMatch(CompletableFuture::isDone));
      assertThat(outcomes.stream().map(CompletableFuture::join)).contains(PublishOutcome.CONFIRMED);
      assertThat(docket.healthError()).isEmpty();
      CompletableFuture<PublishOutcome> after = publish(docket, "after");
      await().until(after::isDone);
      assertThat(after).isCompletedWithValue(PublishOutcome.CONFIRMED);
    }
  }

  @Test
  void stillTakesAndAcknowledgesTasks() throws Exception {
    try (BrokerFixture broker = new BrokerFixture(rabbit, backends.prefix())) {
      RabbitBroker docket =
          broker.started(broker.settings(), RecordingReplyHandler.always(AckDecision.ACKNOWLEDGE));
      String queue = broker.workerQueue(ASR);
      CompletableFuture<PublishOutcome> sent = publish(docket, "before");
      await().until(sent::isDone);
      block();
      CompletableFuture<PublishOutcome> blocked = publish(docket, "blocks");
      await().until(() -> docket.healthError().isPresent());

      CompletableFuture<List<Delivery>> taking =
          docket.taskQueue().take(List.of(ASR), 1, Duration.ofSeconds(60)).toCompletableFuture();
      await().until(taking::isDone);
      assertThat(taking.join()).hasSize(1);
      taking.join().forEach(Delivery::acknowledge);
      await().until(() -> docket.taskQueue().openPolls() == 0);
      assertThat(broker.ready(queue)).isZero();
      assertThat(blocked.getNow(PublishOutcome.NOT_NOW)).isEqualTo(PublishOutcome.NOT_NOW);
    }
  }

  @Test
  void stopsWhileTheBrokerBlocks() throws Exception {
    try (BrokerFixture broker = new BrokerFixture(rabbit, backends.prefix())) {
      RabbitBroker docket = broker.started();
      broker.workerQueue(ASR);
      block();
      List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        outcomes.add(publish(docket, "x".repeat(100_000)));
      }

      docket.stop();

      assertThat(outcomes).allMatch(CompletableFuture::isDone);
      assertThat(outcomes.stream().map(CompletableFuture::join))
          .containsOnly(PublishOutcome.NOT_NOW);
    }
  }

  private void block() {
    rabbit.ctl("set_vm_memory_high_watermark", "0.0000001");
  }

  private static CompletableFuture<PublishOutcome> publish(RabbitBroker docket, String text) {
    Task task = SampleTasks.task("docket", "ASR", TargetType.VIDEO, 1, Map.of("text", text));
    return docket.publisher().publish(task).toCompletableFuture();
  }
}
