package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.DocumentSamples;
import dev.docket.elastic.ElasticFixture;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticLeaseCountsIT {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "leases");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static void running(String document, String key, String worker) {
    Instant now = DocumentSamples.CREATED;
    Task task = TaskSamples.task(DocumentSamples.document(document), key, now);
    Task running =
        TaskSamples.changed(
            task,
            builder -> {
              builder.state = TaskState.PROCESSING;
              builder.run.lease =
                  worker == null
                      ? null
                      : new Lease(worker, "claim", 60, now.plusSeconds(60), false, null, null);
            });
    fixture.backend().tasks().create(running).toCompletableFuture().join();
  }

  @Test
  void countsLeasesByWorkerAndKey() {
    String worker = "Arbeiter 日本 🎬";
    running("a", "ASR", worker);
    running("b", "ASR", worker);
    running("c", "OCR", worker);
    running("d", "OCR", "other");
    running("e", "OCR", null);
    fixture.refresh();

    assertThat(fixture.backend().leaseCounts().byWorker())
        .isEqualTo(
            Map.of(
                worker,
                Map.of(new TaskKey("ASR"), 2, new TaskKey("OCR"), 1),
                "other",
                Map.of(new TaskKey("OCR"), 1)));
  }
}
