package dev.docket.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.auth.Caller;
import dev.docket.document.DocumentSamples;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatsResourceTest {

  private static final Instant NOON = DocumentSamples.CREATED;
  private static final TaskKey ASR = new TaskKey("ASR");
  private static final TaskKey OCR = new TaskKey("OCR");

  private final LatestCounts latest = new LatestCounts();
  private static final OwnedCounts OWNED =
      new OwnedCounts(
          owners -> {
            throw new AssertionError(owners);
          },
          owners -> {
            throw new AssertionError(owners);
          },
          Clock.systemUTC());

  private final StatsResource resource = new StatsResource(latest, OWNED);

  private static Backlog open(TaskKey key, TaskState state, long count) {
    return new Backlog(key, state, count, 0, 0, 0, null);
  }

  @Test
  void omitsValuesThatWereNotCounted() {
    StatsResource.StatsView stats = resource.stats(Caller.ANONYMOUS);
    assertThat(stats)
        .isEqualTo(
            new StatsResource.StatsView(
                null, null, null, null, null, null, null, null, null, null, false, List.of()));
  }

  @Test
  void reportsTimeOfEachCount() {
    latest.set(new LatestCounts.Open(NOON, List.of(open(ASR, TaskState.QUEUED, 3))));
    latest.set(
        new LatestCounts.Ended(
            NOON.plusSeconds(2),
            NOON.plusSeconds(1),
            new EndedTasks(Map.of(OCR, Map.of(TaskState.SUCCESS, 5L, TaskState.ERROR, 1L)), 0)));

    StatsResource.StatsView stats = resource.stats(Caller.ANONYMOUS);

    assertThat(stats.openAt()).isEqualTo(NOON);
    assertThat(stats.open()).isEqualTo(3);
    assertThat(stats.endedAt()).isEqualTo(NOON.plusSeconds(2));
    assertThat(stats.recountedAt()).isEqualTo(NOON.plusSeconds(1));
    assertThat(stats.ended()).isEqualTo(6);
    assertThat(stats.documents()).isNull();
    assertThat(stats.keys())
        .containsExactly(
            new StatsResource.KeyView(ASR, Map.of(202, 3L), Map.of(), null),
            new StatsResource.KeyView(OCR, Map.of(), Map.of(200, 5L, 500, 1L), null));
  }

  @Test
  void groupsRecentWorkByOutcome() {
    RecentWork.Spread run = new RecentWork.Spread(5, 9);
    Map<TaskState, Long> states =
        Map.of(
            TaskState.SUCCESS, 1L,
            TaskState.CANCELLED, 2L,
            TaskState.ERROR, 4L,
            TaskState.FAILED_DEPENDENCY, 8L);
    latest.set(new LatestCounts.Open(NOON, List.of(open(OCR, TaskState.QUEUED, 1))));
    latest.set(
        new LatestCounts.Recent(
            NOON,
            NOON,
            new RecentWork(List.of(new RecentWork.KeyWork(ASR, states, run, null)), false)));

    List<StatsResource.KeyView> keys = resource.stats(Caller.ANONYMOUS).keys();

    assertThat(keys.get(0).recent()).isEqualTo(new StatsResource.RecentView(1, 12, 2, run, null));
    assertThat(keys.get(0).ended()).isNull();
    assertThat(keys.get(1).recent()).isEqualTo(new StatsResource.RecentView(0, 0, 0, null, null));
  }

  @Test
  void omitsCountOfKeyIfNotAllKeysAreListed() {
    Map<TaskKey, Map<TaskState, Long>> listed = new LinkedHashMap<>();
    listed.put(OCR, Map.of(TaskState.SUCCESS, 5L));
    latest.set(new LatestCounts.Open(NOON, List.of(open(ASR, TaskState.QUEUED, 1))));
    latest.set(new LatestCounts.Ended(NOON, NOON, new EndedTasks(listed, 2)));

    StatsResource.StatsView stats = resource.stats(Caller.ANONYMOUS);

    assertThat(stats.moreKeys()).isTrue();
    assertThat(stats.ended()).isEqualTo(7);
    assertThat(stats.keys().get(0).ended()).isNull();
  }

  @Test
  void sumsListLimitedNumberOfKeys() {
    EndedTasks sum = new EndedTasks(Map.of(), 0);
    List<TaskKey> keys = new ArrayList<>();
    for (int i = 0; i <= Backlog.MAX_KEYS; i++) {
      keys.add(new TaskKey("K" + i));
    }
    for (TaskKey key : keys) {
      sum = sum.plus(new EndedTasks(Map.of(key, Map.of(TaskState.SUCCESS, 2L)), 0));
    }
    assertThat(sum.keys()).hasSize(Backlog.MAX_KEYS);
    assertThat(sum.otherKeys()).isEqualTo(2);
    assertThat(sum.total()).isEqualTo(2L * keys.size());
  }
}
