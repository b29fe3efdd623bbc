package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.LocalRabbitMq;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.broker.TaskQueue.Taken;
import dev.docket.document.TargetType;
import dev.docket.protocol.SampleTasks;
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

/** A RabbitMQ that is short of memory stops reading from those who publish. */
final class BlockedRabbitIT {

  @RegisterExtension
  static final BackendsExtension backends = BackendsExtension.rabbit().ofItsOwn();

  private static final Route ASR = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  private final LocalRabbitMq rabbit = (LocalRabbitMq) backends.broker();

  @AfterEach
  void unblock() {
    rabbit.ctl("set_vm_memory_high_watermark", "0.4");
  }

  @Test
  void callersAreRefusedAtOnceAndMemoryIsBounded() throws Exception {
    try (BrokerFixture broker = new BrokerFixture(rabbit, backends.prefix())) {
      RabbitBroker docket = broker.started(broker.settings().withMaxUnconfirmed(100));
      broker.workerQueue(ASR);
      block();

      // Nobody knows yet: the broker says so when the first message comes.
      List<CompletableFuture<Sent>> answers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        answers.add(publish(docket, "x".repeat(100_000)));
      }
      assertThat(docket.publisher().unconfirmed()).isLessThanOrEqualTo(100);
      await().until(() -> docket.healthError().isPresent());
      assertThat(docket.healthError()).get().asString().contains("takes no messages now");
      assertThat(docket.publisher().ready()).isFalse();
      assertThat(publish(docket, "more")).isCompletedWithValue(Sent.NOT_NOW);

      unblock();
      await().until(() -> docket.publisher().ready());
      await().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
      assertThat(answers.stream().map(CompletableFuture::join)).contains(Sent.CONFIRMED);
      assertThat(docket.healthError()).isEmpty();
      CompletableFuture<Sent> after = publish(docket, "after");
      await().until(after::isDone);
      assertThat(after).isCompletedWithValue(Sent.CONFIRMED);
    }
  }

  @Test
  void tasksAreTakenAndAcknowledgedAllTheSame() throws Exception {
    try (BrokerFixture broker = new BrokerFixture(rabbit, backends.prefix())) {
      RabbitBroker docket =
          broker.started(broker.settings(), RecordingReplyHandler.always(AckDecision.DONE));
      String queue = broker.workerQueue(ASR);
      CompletableFuture<Sent> sent = publish(docket, "before");
      await().until(sent::isDone);
      block();
      CompletableFuture<Sent> held = publish(docket, "blocks");
      await().until(() -> docket.healthError().isPresent());

      CompletableFuture<List<Taken>> taking =
          docket.taskQueue().take(List.of(ASR), 1, Duration.ofSeconds(60)).toCompletableFuture();
      await().until(taking::isDone);
      assertThat(taking.join()).hasSize(1);
      taking.join().forEach(Taken::acknowledge);
      await().until(() -> docket.taskQueue().open() == 0);
      assertThat(broker.ready(queue)).isZero();
      assertThat(held.getNow(Sent.NOT_NOW)).isEqualTo(Sent.NOT_NOW);
    }
  }

  @Test
  void stopsThoughNobodyListens() throws Exception {
    try (BrokerFixture broker = new BrokerFixture(rabbit, backends.prefix())) {
      RabbitBroker docket = broker.started();
      broker.workerQueue(ASR);
      block();
      List<CompletableFuture<Sent>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        answers.add(publish(docket, "x".repeat(100_000)));
      }

      docket.stop();

      assertThat(answers).allMatch(CompletableFuture::isDone);
      assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(Sent.NOT_NOW);
    }
  }

  private void block() {
    rabbit.ctl("set_vm_memory_high_watermark", "0.0000001");
  }

  private static CompletableFuture<Sent> publish(RabbitBroker docket, String text) {
    Task task = SampleTasks.task("docket", "ASR", TargetType.VIDEO, 1, Map.of("text", text));
    return docket.publisher().publish(task).toCompletableFuture();
  }
}
