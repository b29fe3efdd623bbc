package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.counts.Backlog;
import dev.docket.counts.LatestCounts;
import dev.docket.document.DocumentSamples;
import dev.docket.drift.LatestDrift;
import dev.docket.explain.Explanation;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskState;
import dev.docket.workers.LatestOccupancy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OverviewReaderTest {

  private static final Instant NOW = DocumentSamples.CREATED.plus(Duration.ofDays(1));

  private final LatestCounts counts = new LatestCounts();
  private final List<SearchQuery> searches = new ArrayList<>();
  private final List<Task> explained = new ArrayList<>();
  private List<Task> hits = List.of(TaskSamples.task("ASR"));
  private Optional<String> storeError = Optional.empty();
  private @Nullable StoreUnavailable failure;
  private long searchNanos;
  private long nanos;

  private final OverviewReader reader =
      new OverviewReader(
          "1.2.3",
          new OverviewReader.Backends(() -> storeError, Optional::empty),
          counts,
          new LatestDrift(),
          new LatestOccupancy(),
          new RecordedSearch(),
          List.of("docket"),
          (task, now) -> {
            explained.add(task);
            return new Explanation(task.id(), task.key(), 422, "NO_ROUTE", now, "why", List.of());
          },
          Clock.fixed(NOW, ZoneOffset.UTC),
          () -> nanos);

  private final class RecordedSearch implements TaskSearch {
    @Override
    public Page<Task> search(SearchQuery query) {
      searches.add(query);
      nanos += searchNanos;
      if (failure != null) {
        throw failure;
      }
      return new Page<>(hits, null, Map.of(), hits.size(), true);
    }

    @Override
    public Hits<Task> all(SearchQuery query) {
      throw new AssertionError("the page must not read all hits");
    }
  }

  private void unroutableKeys(int count) {
    List<Backlog> open =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new Backlog(new TaskKey("K" + i), TaskState.NO_ROUTE_TO_QUEUE, 1, 0, 0, 0, NOW))
            .toList();
    counts.set(new LatestCounts.Open(NOW, open));
  }

  @Test
  void readsBoundedNumberOfTasksHoweverManyKeysAreStuck() {
    unroutableKeys(Backlog.MAX_KEYS);

    Overview overview = reader.read();

    assertThat(overview.problems()).hasSize(Backlog.MAX_KEYS);
    assertThat(overview.shownProblems()).hasSize(Overview.MAX_PROBLEMS);
    assertThat(overview.shownKeys()).hasSize(Overview.MAX_KEYS);
    assertThat(explained).hasSize(OverviewReader.MAX_EXPLAINED);
    assertThat(searches).hasSize(2 + OverviewReader.MAX_EXPLAINED);
    assertThat(searches).allMatch(query -> query.size() <= OverviewReader.MAX_RUNNING);
    assertThat(searches).noneMatch(query -> query.fresh() || query.countAll());
  }

  @Test
  void readsAgainOnlyAfterSomeSeconds() {
    Overview first = reader.read();
    nanos += Duration.ofSeconds(4).toNanos();
    assertThat(reader.read()).isSameAs(first);
    nanos += Duration.ofSeconds(2).toNanos();
    assertThat(reader.read()).isNotSameAs(first);
  }

  @Test
  void readsNothingFromUnavailableStore() {
    unroutableKeys(2);
    storeError = Optional.of("connection refused");

    Overview overview = reader.read();

    assertThat(searches).isEmpty();
    assertThat(overview.failures()).isNull();
    assertThat(overview.silent()).isNull();
    assertThat(overview.stuck()).isEqualTo(3);
  }

  @Test
  void stopsReadingWhenASearchFails() {
    unroutableKeys(2);
    failure = new StoreUnavailable("timeout");

    Overview overview = reader.read();

    assertThat(searches).hasSize(1);
    assertThat(overview.storeError()).isEqualTo("timeout");
    assertThat(overview.problems()).hasSize(2);
  }

  @Test
  void stopsReadingWhenTheStoreIsSlow() {
    unroutableKeys(2);
    searchNanos = Duration.ofSeconds(3).toNanos();

    Overview overview = reader.read();

    assertThat(searches).hasSize(2);
    assertThat(explained).isEmpty();
    assertThat(overview.storeError()).isNull();
  }

  @Test
  void listsRunsWhoseLeaseHasExpired() {
    Lease expired = new Lease("w1", "claim", 30, NOW.minusSeconds(6), false, null, null);
    Lease lagging = new Lease("w2", "claim", 30, NOW.minusSeconds(4), false, null, null);
    hits =
        List.of(
            TaskSamples.changed(TaskSamples.task("ASR"), builder -> builder.run.lease = expired),
            TaskSamples.changed(TaskSamples.task("ASR"), builder -> builder.run.lease = lagging),
            TaskSamples.task("ASR"));

    assertThat(reader.read().silent()).containsExactly(hits.get(0));
  }
}
