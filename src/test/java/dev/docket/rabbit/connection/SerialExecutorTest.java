package dev.docket.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.rabbit.BrokerFixture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SerialExecutorTest {

  private final SerialExecutor executor = new SerialExecutor("test");
  private final List<Object> executed = new CopyOnWriteArrayList<>();

  @AfterEach
  void shutDown() {
    executor.shutdown();
  }

  @Test
  void executesTasksInOrder() {
    for (int i = 0; i < 1000; i++) {
      int number = i;
      executor.execute(() -> executed.add(number));
    }
    BrokerFixture.await().until(() -> executed.size() == 1000);
    assertThat(executed).isEqualTo(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void repeatsATaskThatFails() {
    executor.scheduleWithFixedDelay(
        Duration.ofMillis(1),
        () -> {
          executed.add("executed");
          throw new IllegalStateException("a bug");
        });
    BrokerFixture.await().until(() -> executed.size() >= 3);
  }
}
