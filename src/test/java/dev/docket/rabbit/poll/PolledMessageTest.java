package dev.docket.rabbit.poll;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import dev.docket.document.TargetType;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PolledMessageTest {

  private static final Route ROUTE = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  @Test
  void ordersByPriorityThenByAge() {
    PolledMessage older = message(1, 5, 100);
    PolledMessage newer = message(2, 5, 200);
    PolledMessage urgent = message(3, 9, 300);
    PolledMessage withoutProperties =
        PolledMessage.of(ROUTE, 4, properties("task.1.run").build()).orElseThrow();

    assertThat(Stream.of(withoutProperties, newer, urgent, older).sorted())
        .containsExactly(urgent, older, newer, withoutProperties);
  }

  @Test
  void rejectsAMessageThatNamesNoRun() {
    assertThat(PolledMessage.of(ROUTE, 1, new AMQP.BasicProperties())).isEmpty();
    assertThat(PolledMessage.of(ROUTE, 1, properties("hello").build())).isEmpty();
  }

  private static PolledMessage message(long tag, int priority, long second) {
    return PolledMessage.of(
            ROUTE,
            tag,
            properties("task.1.run")
                .priority(priority)
                .timestamp(Date.from(Instant.ofEpochSecond(second)))
                .build())
        .orElseThrow();
  }

  private static AMQP.BasicProperties.Builder properties(String correlationId) {
    return new AMQP.BasicProperties.Builder().correlationId(correlationId);
  }
}
