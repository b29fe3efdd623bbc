package dev.docket.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.Caller;
import dev.docket.broker.Census;
import dev.docket.document.TargetType;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.MassReset;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.TaskKey;
import dev.docket.wire.ReportItem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two servers that share known workers through the store. */
final class WorkerRegistryTest {

  private static final Caller CALLER = new Caller("site-a", Set.of("worker"));

  private Instant now = Instant.parse("2026-03-01T12:00:00.000Z");
  private final MemoryWorkerStore store = new MemoryWorkerStore();
  private final Clock clock = new SettableClock();
  private final WorkerRegistry local = new WorkerRegistry(store, clock);
  private final WorkerRegistry remote = new WorkerRegistry(store, clock);
  private final WorkerRegistrySync sync = new WorkerRegistrySync(remote, store, clock);

  private final class SettableClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private static ReportItem.Hello hello(String name, int running) {
    return new ReportItem.Hello(name, "node7", "1.0", List.of("ASR"), List.of("Video"), 2, running);
  }

  @Test
  void sharesAWorkerWithTheOtherServer() {
    remote.onHello(CALLER, hello("asr-3", 1));
    assertThat(local.all()).isEmpty();
    sync.run();
    assertThat(local.all()).isEqualTo(remote.all()).hasSize(1);
  }

  @Test
  void latestHelloWinsOnAnyServer() {
    remote.onHello(CALLER, hello("asr-3", 1));
    sync.run();
    now = now.plusSeconds(5);
    local.onHello(CALLER, hello("asr-3", 2));
    assertThat(local.all())
        .singleElement()
        .satisfies(
            worker -> {
              assertThat(worker.running()).isEqualTo(2);
              assertThat(worker.lastSeen()).isEqualTo(now);
            });
  }

  @Test
  void reportAboutATaskUpdatesOnlyLastSeen() {
    remote.onHello(CALLER, hello("asr-3", 1));
    sync.run();
    now = now.plusSeconds(5);
    local.onReport(CALLER, "asr-3");
    remote.onReport(CALLER, "asr-3");
    for (WorkerRegistry server : List.of(local, remote)) {
      assertThat(server.all())
          .singleElement()
          .satisfies(
              worker -> {
                assertThat(worker.host()).isEqualTo("node7");
                assertThat(worker.lastSeen()).isEqualTo(now);
              });
    }
  }

  @Test
  void silentWorkerIsNoLongerListedAndItsRecordIsRemovedLater() {
    remote.onHello(CALLER, hello("asr-3", 1));
    sync.run();
    now = now.plusSeconds(76);
    assertThat(local.all()).isEmpty();
    assertThat(store.seenSince(Instant.EPOCH, 10)).hasSize(1);
    now = now.plus(Duration.ofHours(1));
    sync.run();
    assertThat(store.seenSince(Instant.EPOCH, 10)).isEmpty();
  }

  @Test
  void storesOnlyWorkersSeenSinceTheLastRun() {
    remote.onHello(CALLER, hello("asr-3", 1));
    now = now.plusSeconds(1);
    sync.run();
    store.removeSilent(now.plusSeconds(1), 10);
    now = now.plusSeconds(15);
    remote.onHello(CALLER, hello("asr-4", 1));
    sync.run();
    assertThat(local.all()).extracting(KnownWorker::name).containsExactly("asr-4");
  }

  @Test
  void storesWorkersLaterAfterAFailedWrite() {
    store.unavailable = true;
    remote.onHello(CALLER, hello("asr-3", 1));
    assertThatThrownBy(sync::run).isInstanceOf(StoreUnavailable.class);
    store.unavailable = false;
    now = now.plusSeconds(15);
    sync.run();
    assertThat(local.all()).hasSize(1);
  }

  @Test
  void inventedWorkersOfOneCallerDoNotEvictThoseOfAnother() {
    local.onHello(new Caller("site-b", Set.of("worker")), hello("asr-3", 1));
    for (int i = 0; i < WorkerRegistry.MAX_WORKERS + 100; i++) {
      local.onReport(CALLER, "invented-" + i);
    }

    List<KnownWorker> seen = local.seenHereSince(now);
    assertThat(seen).extracting(KnownWorker::name).contains("asr-3");
    assertThat(seen).hasSizeLessThanOrEqualTo(WorkerRegistry.MAX_WORKERS + 1);
  }

  @Test
  void callerWithLargeWorkersHasFewer() {
    List<String> keys = Collections.nCopies(1000, "K".repeat(64));
    for (int i = 0; i < 1000; i++) {
      local.onHello(CALLER, new ReportItem.Hello("w-" + i, null, null, keys, List.of(), 1, 0));
    }

    assertThat(local.seenHereSince(now)).hasSizeLessThan(100);
  }

  @Test
  void takesKeysAndTypesFromAPoll() {
    local.onPoll(CALLER, "curl", Set.of(new TaskKey("OCR")), Set.of(TargetType.IMAGE));
    assertThat(local.all())
        .containsExactly(
            new KnownWorker("curl", null, null, List.of("OCR"), List.of("Image"), null, null, now));
  }

  @Test
  void pollOnOneServerKeepsWhatAHelloSaidToTheOther() {
    remote.onHello(CALLER, hello("asr-3", 1));
    sync.run();
    now = now.plusSeconds(5);
    local.onPoll(CALLER, "asr-3", Set.of(new TaskKey("ASR")), Set.of(TargetType.VIDEO));

    assertThat(local.all()).extracting(KnownWorker::concurrency).containsExactly(2);
    assertThat(local.all()).extracting(KnownWorker::lastSeen).containsExactly(now);
    new WorkerRegistrySync(local, store, clock).run();
    assertThat(store.seenSince(now, 10)).extracting(KnownWorker::concurrency).containsExactly(2);
  }

  @Test
  void pollDoesNotOverwriteAHello() {
    local.onHello(CALLER, hello("asr-3", 1));
    local.onPoll(CALLER, "asr-3", Set.of(new TaskKey("ASR")), Set.of(TargetType.VIDEO));
    assertThat(local.all())
        .singleElement()
        .satisfies(worker -> assertThat(worker.concurrency()).isEqualTo(2));
  }

  @Test
  void listsQueuesWithConsumersAndReportingWorkers() {
    local.onHello(CALLER, hello("asr-3", 1));
    WorkerListResource resource =
        resource(
            () ->
                List.of(
                    queue("docket.v1.ASR.Video", "Video.ASR", 1),
                    queue("docket.v1.ASR.Sound", "Sound.ASR", 0),
                    queue("OCR", "#.OCR", 3)));
    WorkerListResource.Workers all = resource.all();
    assertThat(all.census()).isEqualTo("management");
    assertThat(all.queues())
        .extracting(queue -> queue.name() + " " + queue.consumers() + " " + queue.reporting())
        .containsExactly("docket.v1.ASR.Video 1 1", "docket.v1.ASR.Sound 0 0", "OCR 3 0");
    assertThat(resource.ofKey(new TaskKey("OCR")).queues())
        .containsExactly(new WorkerQueue("OCR", List.of("#.OCR"), 4, 2, 3, 0));
    assertThat(resource.ofKey(new TaskKey("OCR")).workers()).isEmpty();
  }

  private static Census.Queue queue(String name, String pattern, int consumers) {
    return new Census.Queue(
        name,
        4,
        2,
        consumers,
        List.of(new Census.Binding("docket-exchange", pattern)),
        true,
        List.of());
  }

  @Test
  void withoutCensusTheReasonIsGiven() {
    local.onHello(CALLER, hello("asr-3", 1));
    WorkerListResource.Workers workers = resource(Census.NONE).ofKey(new TaskKey("ASR"));
    assertThat(workers.workers()).hasSize(1);
    assertThat(workers.queues()).isNull();
    assertThat(workers.census()).isEqualTo("none");
    assertThat(workers.censusReason()).contains("broker.management");
  }

  private WorkerListResource resource(Census census) {
    WorkerLoads loads = new WorkerLoads(local, Map::of);
    return new WorkerListResource(
        loads, census, new MassReset(new MemoryTaskStore(), null), null, only -> List.of());
  }
}
