package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class LocalBackendsIT {

  @Test
  void startsElasticsearchAndEmbeddedBroker() throws Exception {
    assertBackendsRespond(LocalBackends::embedded);
  }

  @Test
  void startsElasticsearchAndRabbitMq() throws Exception {
    assertBackendsRespond(LocalBackends::rabbit);
  }

  private static void assertBackendsRespond(Function<Path, Backends> start) throws Exception {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it");
        Backends backends = start.apply(dir.path());
        Amqp amqp = new Amqp(backends.amqp())) {
      amqp.channel().queueDeclare("q", true, false, false, null);

      assertThat(
              Http.send("GET", backends.elasticsearch().resolve("/_cluster/health")).statusCode())
          .isEqualTo(200);
      assertThat(
              Http.send("GET", backends.management().orElseThrow().resolve("/api/queues/%2F"))
                  .body())
          .contains("\"name\":\"q\"", "\"vhost\":\"/\"");
    }
  }

  @Test
  void stopsElasticsearchIfBrokerDoesNotStart() {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it")) {
      BackendStartException brokerFailure = new BackendStartException("no broker");
      AtomicReference<List<ProcessHandle>> processes = new AtomicReference<>(List.of());

      assertThatThrownBy(
              () ->
                  LocalBackends.start(
                      ElasticsearchSettings.in(dir.path()).withQuickStart(),
                      () -> {
                        processes.set(processesIn(dir.path()));
                        throw brokerFailure;
                      }))
          .isSameAs(brokerFailure);

      assertThat(processes.get()).isNotEmpty();
      ChildProcessTest.awaitGone(processes.get());
    }
  }

  /** The processes whose command line names the directory. Others belong to other test classes. */
  private static List<ProcessHandle> processesIn(Path directory) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> commandLine(process).contains(directory.toString()))
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException ended) {
      return "";
    }
  }
}
