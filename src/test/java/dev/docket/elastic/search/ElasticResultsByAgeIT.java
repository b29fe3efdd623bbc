package dev.docket.elastic.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticFixture;
import dev.docket.maintenance.ResultsByAge;
import dev.docket.result.Result;
import dev.docket.result.ResultStore;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticResultsByAgeIT {

  private static final Instant START = Instant.parse("2026-03-01T10:00:00.000Z");

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticFixture fixture;

  @BeforeAll
  static void open() {
    fixture = ElasticFixture.open(backends, "earlier");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  /** Stores a result with these flags and returns its id. */
  private static ResultId stored(int number, int millis, boolean visible, boolean latest) {
    Task task = TaskSamples.task("ASR");
    ResultRun run = new ResultRun(1, task.run().token(), "c", 1, List.of());
    Result result =
        Result.of(
            task,
            run,
            new ResultId("r" + number),
            new ResultDraft(TextNode.valueOf("words"), Map.of()),
            START.plusMillis(millis));
    ResultStore results = fixture.backend().results();
    assertThat(results.create(result, null).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Stored.class);
    assertThat(results.mark(result.id(), visible, latest).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Stored.class);
    return result.id();
  }

  @Test
  void findsVisibleResultsOfEarlierRunsInPagesEarliestFirst() {
    ResultId last = stored(1, 2, true, false);
    ResultId second = stored(3, 1, true, false);
    ResultId first = stored(2, 1, true, false);
    stored(4, 3, true, false);
    stored(5, 1, true, true);
    stored(6, 1, false, false);
    fixture.refresh();
    ResultsByAge results = fixture.backend().earlierResults();
    Instant before = START.plusMillis(3);

    List<Result> page = results.createdBefore(before, null, 2);

    assertThat(page).extracting(Result::id).containsExactly(first, second);
    assertThat(results.createdBefore(before, page.get(1), 2))
        .extracting(Result::id)
        .containsExactly(last);
  }

  @Test
  void findsAllResultsByTimeOfCreationEarliestFirst() {
    ResultId last = stored(11, -2, true, true);
    ResultId second = stored(13, -3, false, false);
    ResultId first = stored(12, -3, true, true);
    stored(14, 0, true, true);
    fixture.refresh();
    ResultsByAge results = fixture.backend().resultsByAge();

    List<Result> page = results.createdBefore(START, null, 2);

    assertThat(page).extracting(Result::id).containsExactly(first, second);
    assertThat(results.createdBefore(START, page.get(1), 2))
        .extracting(Result::id)
        .containsExactly(last);
  }
}
