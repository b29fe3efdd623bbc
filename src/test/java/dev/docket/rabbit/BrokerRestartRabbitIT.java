package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.LocalRabbitMq;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.broker.TaskPublisher.Sent;
import dev.docket.protocol.SampleTasks;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class BrokerRestartRabbitIT implements BrokerRestartContract {

  @RegisterExtension
  static final BackendsExtension backends = BackendsExtension.rabbit().ofItsOwn();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }

  @Test
  void whatWasConfirmedSurvivesAKill() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      Map<Task, CompletableFuture<Sent>> answers = new LinkedHashMap<>();
      for (int i = 0; i < 2000; i++) {
        Task task = SampleTasks.task("docket", "ASR");
        answers.put(task, docket.publisher().publish(task).toCompletableFuture());
      }
      await().until(() -> answers.values().stream().anyMatch(CompletableFuture::isDone));

      ((LocalRabbitMq) broker.broker()).kill();
      broker.broker().startAgain();

      await().until(() -> answers.values().stream().allMatch(CompletableFuture::isDone));
      Set<String> arrived = new HashSet<>();
      broker
          .drain(queue)
          .forEach(
              got ->
                  arrived.add(RunId.parse(got.getProps().getCorrelationId()).orElseThrow().task()));
      answers.forEach(
          (task, sent) -> {
            if (sent.join() == Sent.CONFIRMED) {
              assertThat(arrived).contains(task.id().value());
            }
          });
      assertThat(answers.values().stream().map(CompletableFuture::join)).contains(Sent.CONFIRMED);
    }
  }
}
