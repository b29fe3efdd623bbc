package dev.docket.backends;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * Main class of a JVM that starts a backend, prints its process ids and waits to be killed. For the
 * embedded broker it publishes messages and prints their number.
 */
public final class StartAndWait {

  private static final int MESSAGES = 500;

  private StartAndWait() {}

  public static void main(String[] args) throws Exception {
    Path dir = Path.of(args[1]);
    switch (args[0]) {
      // Who looks while they are being forked does not see all of them.
      case "sleep" -> print(await().until(sleep(dir)::processes, all -> all.size() >= 3));
      case "elasticsearch" ->
          print(
              LocalElasticsearch.start(ElasticsearchSettings.in(dir).withQuickStart()).processes());
      case "rabbitmq" -> print(LocalRabbitMq.start(dir).processes());
      case "broker" -> publish(EmbeddedBroker.start(EmbeddedBrokerSettings.in(dir)));
      default -> throw new IllegalArgumentException(args[0]);
    }
    new CountDownLatch(1).await();
  }

  private static ChildProcess sleep(Path dir) {
    return ChildProcess.start(
        "sleep", List.of("sleep", "1000"), Map.of(), dir, dir.resolve("console.log"));
  }

  private static void print(List<ProcessHandle> processes) {
    System.out.println(
        processes.stream()
            .map(process -> Long.toString(process.pid()))
            .collect(Collectors.joining(" ", "started ", "")));
  }

  private static void publish(EmbeddedBroker broker) throws Exception {
    try (Amqp amqp = new Amqp(broker.amqp())) {
      amqp.channel().queueDeclare("kept", true, false, false, null);
      for (int i = 0; i < MESSAGES; i++) {
        amqp.publish("", "kept", "message " + i);
      }
    }
    System.out.println("started " + MESSAGES);
  }
}
