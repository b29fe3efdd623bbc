package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class LocalBackendsIT {

  @Test
  void theEmbeddedFormAnswers() throws Exception {
    answers(LocalBackends::embedded);
  }

  @Test
  void theRabbitFormAnswers() throws Exception {
    answers(LocalBackends::rabbit);
  }

  private static void answers(Function<Path, Backends> start) throws Exception {
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
  void withoutABrokerElasticsearchIsEnded() {
    try (ScratchDirectory dir = ScratchDirectory.create("docket-it")) {
      BackendStartException healthError = new BackendStartException("no broker");
      AtomicReference<List<ProcessHandle>> processes = new AtomicReference<>(List.of());

      assertThatThrownBy(
              () ->
                  LocalBackends.start(
                      ElasticsearchSettings.in(dir.path()).withQuickStart(),
                      () -> {
                        processes.set(ProcessHandle.current().descendants().toList());
                        throw healthError;
                      }))
          .isSameAs(healthError);

      assertThat(processes.get()).isNotEmpty();
      ChildProcessTest.awaitGone(processes.get());
    }
  }
}
