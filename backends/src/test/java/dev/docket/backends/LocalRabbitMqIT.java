package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalRabbitMqIT {

  @TempDir private Path dir;

  @Test
  void keepsDurableObjectsAndPortsAfterStopAndKill() throws Exception {
    try (LocalRabbitMq rabbit = LocalRabbitMq.start(dir)) {
      URI amqp = rabbit.amqp();
      URI management = rabbit.management();
      publish(amqp, "one");

      rabbit.stop();
      assertThat(rabbit.isRunning()).isFalse();
      assertThatThrownBy(() -> rabbit.ctl("status")).isInstanceOf(IllegalStateException.class);
      rabbit.startAgain();
      publish(amqp, "two");

      List<ProcessHandle> processes = rabbit.processes();
      rabbit.kill();
      ChildProcessTest.awaitGone(processes);
      rabbit.startAgain();

      assertThat(rabbit.amqp()).isEqualTo(amqp);
      assertThat(rabbit.management()).isEqualTo(management);
      assertThat(rabbit.ctl("-q", "list_queues", "name", "messages").lines())
          .anyMatch(line -> line.matches("kept\\s+2"));
    }
  }

  @Test
  void deleteAllDeletesOnlyMatchingNames() throws Exception {
    try (LocalRabbitMq rabbit = LocalRabbitMq.start(dir);
        Amqp amqp = new Amqp(rabbit.amqp())) {
      amqp.channel().queueDeclare("gone/a b+c", true, false, false, null);
      amqp.channel().exchangeDeclare("gone-x", "topic", true);
      amqp.channel().queueDeclare("stays", true, false, false, null);

      rabbit.deleteAll("gone");

      assertThat(rabbit.ctl("-q", "--no-table-headers", "list_queues", "name")).isEqualTo("stays");
      assertThat(rabbit.ctl("-q", "list_exchanges", "name")).doesNotContain("gone-x");
    }
  }

  @Test
  void twoNodesRunInParallel() throws Exception {
    try (LocalRabbitMq one = LocalRabbitMq.start(dir.resolve("one"));
        LocalRabbitMq two = LocalRabbitMq.start(dir.resolve("two"))) {
      publish(one.amqp(), "one");

      assertThat(two.ctl("-q", "list_queues")).isEmpty();
      assertThat(one.processes()).doesNotContainAnyElementsOf(two.processes());
    }
  }

  @Test
  void failedStartQuotesLog() {
    assertThatThrownBy(
            () -> LocalRabbitMq.start(RabbitMqSettings.in(dir).with("no_such_setting", "1")))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContainingAll("no_such_setting", "console.log");
  }

  @Test
  void endsWithKilledParent() throws Exception {
    try (OtherJvm jvm = OtherJvm.start("rabbitmq", dir)) {
      List<ProcessHandle> processes = jvm.processes();
      assertThat(processes)
          .allMatch(ProcessHandle::isAlive)
          .anyMatch(process -> process.info().command().orElse("").endsWith("beam.smp"))
          .anyMatch(process -> process.info().command().orElse("").endsWith("epmd"));

      jvm.kill();

      ChildProcessTest.awaitGone(processes);
    }
  }

  private static void publish(URI address, String text) throws Exception {
    try (Amqp amqp = new Amqp(address)) {
      amqp.channel().queueDeclare("kept", true, false, false, null);
      amqp.publish("", "kept", text);
    }
  }
}
