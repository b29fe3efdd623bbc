package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.elastic.ElasticFixture;
import dev.docket.http.InvalidRequest;
import dev.docket.search.record.Condition;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.RecordSelection;
import dev.docket.search.record.RecordSnapshot;
import dev.docket.search.record.SearchedKind;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskSamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticRecordSnapshotIT {

  private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);
  private static final int PER_BATCH = 4096;

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "snapshot");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static void storeTasks(int from, int to) {
    List<CompletionStage<WriteOutcome>> writes = new ArrayList<>();
    Document document = DocumentSamples.document();
    for (int i = from; i < to; i++) {
      writes.add(
          fixture
              .backend()
              .tasks()
              .create(TaskSamples.task(document, "KEY-" + i, DocumentSamples.CREATED)));
    }
    for (CompletionStage<WriteOutcome> write : writes) {
      assertThat(write.toCompletableFuture().join()).isInstanceOf(WriteOutcome.Stored.class);
    }
  }

  private static List<String> ids(RecordSnapshot snapshot) {
    return snapshot.values(SearchedKind.TASK, Condition.ALL, "id");
  }

  @Test
  void joinsAtMost65536Records() {
    for (int from = 0; from < RecordQueries.MAX_VALUES; from += PER_BATCH) {
      storeTasks(from, from + PER_BATCH);
    }
    RecordQueries queries = fixture.backend().recordQueries();
    queries.refresh(EnumSet.of(SearchedKind.TASK));
    try (RecordSnapshot snapshot = queries.open(KEEP_ALIVE)) {
      List<String> ids = ids(snapshot);
      assertThat(ids).hasSize(65_536);
      assertThat(snapshot.count(RecordSelection.of(SearchedKind.TASK, Condition.anyOf("id", ids))))
          .isEqualTo(65_536);
    }

    storeTasks(RecordQueries.MAX_VALUES, RecordQueries.MAX_VALUES + 1);
    queries.refresh(EnumSet.of(SearchedKind.TASK));
    try (RecordSnapshot snapshot = queries.open(KEEP_ALIVE)) {
      assertThatThrownBy(() -> ids(snapshot))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("a join of more than 65536 records");
    }
  }
}
