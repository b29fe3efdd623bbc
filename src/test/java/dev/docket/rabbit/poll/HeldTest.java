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

final class HeldTest {

  private static final Route ROUTE = new Route(TargetType.VIDEO, TaskKey.fromString("ASR"));

  @Test
  void highestPriorityComesFirstAndOfOnePriorityTheOldest() {
    Held old = held(1, 5, 100);
    Held young = held(2, 5, 200);
    Held urgent = held(3, 9, 300);
    Held plain = Held.of(ROUTE, 4, properties("task.1.run").build()).orElseThrow();

    assertThat(Stream.of(plain, young, urgent, old).sorted())
        .containsExactly(urgent, old, young, plain);
  }

  @Test
  void whatNamesNoRunIsNotHeld() {
    assertThat(Held.of(ROUTE, 1, new AMQP.BasicProperties())).isEmpty();
    assertThat(Held.of(ROUTE, 1, properties("hello").build())).isEmpty();
  }

  private static Held held(long tag, int priority, long second) {
    return Held.of(
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
