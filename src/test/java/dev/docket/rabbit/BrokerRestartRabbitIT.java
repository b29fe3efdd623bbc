package dev.docket.rabbit;

import static dev.docket.rabbit.BrokerFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.LocalRabbitMq;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.broker.TaskPublisher.PublishOutcome;
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
  static final BackendsExtension backends = BackendsExtension.rabbit().exclusive();

  @Override
  public BrokerFixture broker() {
    return new BrokerFixture(backends.broker(), backends.prefix());
  }

  @Test
  void confirmedMessagesSurviveAKill() throws Exception {
    try (BrokerFixture broker = broker()) {
      RabbitBroker docket = broker.started();
      String queue = broker.workerQueue(ASR);
      Map<Task, CompletableFuture<PublishOutcome>> outcomes = new LinkedHashMap<>();
      for (int i = 0; i < 2000; i++) {
        Task task = SampleTasks.task("docket", "ASR");
        outcomes.put(task, docket.publisher().publish(task).toCompletableFuture());
      }
      await().until(() -> outcomes.values().stream().anyMatch(CompletableFuture::isDone));

      ((LocalRabbitMq) broker.broker()).kill();
      broker.broker().startAgain();

      await().until(() -> outcomes.values().stream().allMatch(CompletableFuture::isDone));
      Set<String> arrived = new HashSet<>();
      broker
          .drain(queue)
          .forEach(
              message ->
                  arrived.add(
                      RunId.parse(message.getProps().getCorrelationId()).orElseThrow().task()));
      outcomes.forEach(
          (task, sent) -> {
            if (sent.join() == PublishOutcome.CONFIRMED) {
              assertThat(arrived).contains(task.id().value());
            }
          });
      assertThat(outcomes.values().stream().map(CompletableFuture::join))
          .contains(PublishOutcome.CONFIRMED);
    }
  }
}
