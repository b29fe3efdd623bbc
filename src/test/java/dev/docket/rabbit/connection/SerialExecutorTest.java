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

  private final SerialExecutor loop = new SerialExecutor("test");
  private final List<Object> done = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    loop.end();
  }

  @Test
  void doesOneThingAfterTheOther() {
    for (int i = 0; i < 1000; i++) {
      int number = i;
      loop.run(() -> done.add(number));
    }
    BrokerFixture.await().until(() -> done.size() == 1000);
    assertThat(done).isEqualTo(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void aFailedStepEndsNothing() {
    loop.each(
        Duration.ofMillis(1),
        () -> {
          done.add("again");
          throw new IllegalStateException("a bug");
        });
    BrokerFixture.await().until(() -> done.size() >= 3);
  }
}
