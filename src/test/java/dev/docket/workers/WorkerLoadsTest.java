package dev.docket.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.Caller;
import dev.docket.document.TargetType;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Slots come from reports, and what is taken from leases. */
class WorkerLoadsTest {

  private static final TaskKey ASR = new TaskKey("ASR");
  private static final TaskKey OCR = new TaskKey("OCR");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.000Z");
  private static final Caller CALLER = new Caller("site-a", Set.of("worker"));

  private final WorkerRegistry registry =
      new WorkerRegistry(new MemoryWorkerStore(), Clock.fixed(NOW, ZoneOffset.UTC));
  private final Map<String, Map<TaskKey, Integer>> leases = new HashMap<>();
  private final WorkerLoads loads = new WorkerLoads(registry, () -> leases);

  private void hello(String name, List<String> keys, List<String> types, int slots) {
    registry.onHello(CALLER, new ReportItem.Hello(name, "node7", "1.0", keys, types, slots, 0));
  }

  private Occupancy video(TaskKey key) {
    return loads.of(new Route(TargetType.VIDEO, key));
  }

  @Test
  void countsSlotsOfAllWorkersOfTheRoute() {
    hello("a", List.of("ASR"), List.of("Video"), 4);
    hello("b", List.of("ASR", "OCR"), List.of(), 8);
    hello("other type", List.of("ASR"), List.of("Sound"), 1);
    hello("other key", List.of("OCR"), List.of(), 1);
    leases.put("a", Map.of(ASR, 3));
    leases.put("other type", Map.of(ASR, 1));

    assertThat(video(ASR)).isEqualTo(new Occupancy(2, 12, 3, NOW));
    assertThat(video(ASR).busy()).isFalse();
  }

  @Test
  void tasksOfOtherKeysTakeSlotsToo() {
    hello("b", List.of("ASR", "OCR"), List.of(), 2);
    leases.put("b", Map.of(OCR, 2));

    assertThat(video(ASR)).isEqualTo(new Occupancy(1, 2, 2, NOW));
    assertThat(video(ASR).busy()).isTrue();
  }

  @Test
  void workerThatOnlyHoldsALeaseCounts() {
    leases.put("curl", Map.of(ASR, 1));

    assertThat(video(ASR)).isEqualTo(new Occupancy(1, null, 1, null));
    assertThat(video(ASR).busy()).isTrue();
    assertThat(video(OCR)).isEqualTo(Occupancy.NONE);
    assertThat(video(OCR).busy()).isFalse();
  }

  @Test
  void slotsAreUnknownIfOneWorkerDoesNotReportThem() {
    hello("a", List.of("ASR"), List.of(), 4);
    registry.onPoll(CALLER, "curl", List.of(ASR), List.of(TargetType.VIDEO));

    assertThat(video(ASR)).isEqualTo(new Occupancy(2, null, 0, NOW));
    assertThat(video(ASR).busy()).isFalse();
  }

  @Test
  void countsAWorkerForEachOfItsKeys() {
    hello("b", List.of("asr", "OCR", "not a key"), List.of(), 2);
    leases.put("b", Map.of(OCR, 1));
    LatestOccupancy latest = new LatestOccupancy();
    assertThat(latest.get()).isNull();
    assertThat(latest.of(ASR)).isNull();

    new OccupancySweep(loads, latest).run();

    Occupancy occupancy = new Occupancy(1, 2, 1, NOW);
    assertThat(latest.get()).isEqualTo(Map.of(ASR, occupancy, OCR, occupancy));
    assertThat(latest.of(new TaskKey("X"))).isEqualTo(Occupancy.NONE);
  }

  @Test
  void occupancyIsUnknownWhileTheStoreIsUnavailable() {
    LatestOccupancy latest = new LatestOccupancy();
    latest.set(Map.of(ASR, Occupancy.NONE));
    OccupancySweep sweep =
        new OccupancySweep(
            new WorkerLoads(
                registry,
                () -> {
                  throw new StoreUnavailable("down");
                }),
            latest);

    assertThatThrownBy(sweep::run).isInstanceOf(StoreUnavailable.class);
    assertThat(latest.get()).isNull();
  }
}
