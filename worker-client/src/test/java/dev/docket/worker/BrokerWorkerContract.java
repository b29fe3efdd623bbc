package dev.docket.worker;

import static dev.docket.worker.FakeDocket.refused;
import static dev.docket.worker.FakeDocket.status;
import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.wire.ReportItem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker does with any broker. */
abstract class BrokerWorkerContract {

  private static final String VIDEO = "Video";
  private static final String SOUND = "Sound";

  private final FakeDocket docket = new FakeDocket();
  private final List<DocketWorker> workers = new ArrayList<>();
  private final List<String> ran = new CopyOnWriteArrayList<>();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final String key =
      "K" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
  private TestQueues queues;

  abstract BackendsExtension backends();

  @BeforeEach
  void connect() {
    queues = new TestQueues(backends().broker(), backends().prefix());
    queues.declare(key, VIDEO);
    queues.declare(key, SOUND);
  }

  @AfterEach
  void close() {
    finish.countDown();
    workers.forEach(DocketWorker::close);
    queues.close();
    docket.close();
  }

  private DocketWorker start(TaskHandler handler) {
    return start(1, Samples.quick(), handler);
  }

  private DocketWorker start(int concurrency, WorkerTimeouts timing, TaskHandler handler) {
    DocketWorker worker =
        DocketWorker.builder()
            .server(docket.address())
            .broker(backends().broker().amqp().toString())
            .queuePrefix(backends().prefix())
            .key(key)
            .types(TargetType.VIDEO, TargetType.SOUND)
            .concurrency(concurrency)
            .stopLimit(Duration.ofMillis(100))
            .timing(timing)
            .handler(handler)
            .build();
    worker.start();
    workers.add(worker);
    return worker;
  }

  private Outcome note(Task task) {
    ran.add(task.id());
    return Outcome.success("done");
  }

  private Outcome block(Task task) throws InterruptedException {
    ran.add(task.id());
    running.countDown();
    finish.await();
    return Outcome.success("done");
  }

  private void publish(String... tasks) {
    for (String task : tasks) {
      queues.publish(task, key, VIDEO, 5);
    }
  }

  private static String[] tasks(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "t" + i).toArray(String[]::new);
  }

  private void awaitRan(String... tasks) {
    await().untilAsserted(() -> assertThat(ran).containsExactlyInAnyOrder(tasks));
  }

  /** Looks when no worker holds anything any more, and the broker has had time to notice. */
  private void assertLeft(long messages) {
    workers.forEach(DocketWorker::close);
    await()
        .during(Duration.ofMillis(500))
        .until(() -> queues.messages(key, VIDEO) + queues.messages(key, SOUND) == messages);
  }

  @Test
  void aMessageIsClaimedWorkedOnAndGone() {
    publish("t1");
    queues.publish("t2", key, SOUND, 0);
    start((task, context) -> note(task));
    awaitRan("t1", "t2");
    await().untilAsserted(() -> assertThat(docket.ends()).contains("t1 200", "t2 200"));
    ReportItem.Claim claim = docket.heard(ReportItem.Claim.class).get(0);
    ReportItem.Complete end =
        docket.heard(ReportItem.Complete.class).stream()
            .filter(any -> any.task().equals(claim.task()))
            .findAny()
            .orElseThrow();
    assertThat(end.claimId()).isEqualTo(claim.claimId());
    assertThat(end.run()).isEqualTo("run-of-" + claim.task());
    assertLeft(0);
  }

  @Test
  void whatComesWhileItWaitsIsWorkedOn() {
    start((task, context) -> note(task));
    await().until(() -> queues.consumers(key, VIDEO) == 1);
    publish("t1");
    awaitRan("t1");
    publish("t2");
    awaitRan("t1", "t2");
  }

  @Test
  void aTimeoutThatTheServerGrantsIsKnownToTheHandler() {
    docket.on(ReportItem.Claim.class, claim -> FakeDocket.granted(90L));
    publish("t1");
    start(
        (task, context) -> {
          ran.add(task.timeout().toString());
          return Outcome.success("done");
        });
    awaitRan("Optional[PT1M30S]");
  }

  @Test
  void aRefusedClaimIsDropped() {
    docket.on(
        ReportItem.Claim.class,
        claim -> claim.task().equals("t3") ? FakeDocket.granted(null) : refused(409));
    publish("t1", "t2", "t3");
    start((task, context) -> note(task));
    awaitRan("t3");
    assertLeft(0);
  }

  @Test
  void urgentTasksComeFirst() {
    for (int priority : new int[] {3, 0, 8, 5, 1, 7, 2, 6, 4}) {
      queues.publish("t" + priority, key, VIDEO, priority);
    }
    start((task, context) -> note(task));
    await().until(() -> ran.size() == 9);
    assertThat(ran).containsExactly("t8", "t7", "t6", "t5", "t4", "t3", "t2", "t1", "t0");
  }

  @Test
  void urgentTasksOfAnotherQueueComeFirst() {
    publish("t1", "t2");
    queues.publish("urgent", key, SOUND, 8);
    start(1, Samples.patient(), (task, context) -> block(task));
    await().until(() -> !ran.isEmpty());
    assertThat(ran).containsExactly("urgent");
  }

  @Test
  void aLongTaskHoardsNothing() throws InterruptedException {
    publish(tasks(0, 10));
    DocketWorker slow = start((task, context) -> block(task));
    running.await();
    String first = ran.get(0);
    start((task, context) -> note(task));
    awaitRan(tasks(0, 10));
    assertThat(slow.underWay()).isEqualTo(1);
    assertThat(docket.heard(ReportItem.GiveBack.class)).isEmpty();
    finish.countDown();
    await().until(() -> docket.ends().contains(first + " 200"));
    publish("again");
    await().until(() -> ran.contains("again"));
  }

  @Test
  void manyShortTasksAreEachDoneOnce() {
    publish(tasks(0, 500));
    start(4, Samples.quick(), (task, context) -> note(task));
    start(4, Samples.quick(), (task, context) -> note(task));
    awaitRan(tasks(0, 500));
    await().until(() -> docket.ends().size() == 500);
    assertLeft(0);
    assertThat(docket.heard(ReportItem.GiveBack.class)).isEmpty();
  }

  @Test
  void whatWasClaimedAheadInVainIsGivenBack() throws InterruptedException {
    publish(tasks(0, 200));
    start(
        1,
        Samples.restless(),
        (task, context) -> task.id().equals("long") ? block(task) : note(task));
    awaitRan(tasks(0, 200));
    queues.publish("long", key, VIDEO, 9);
    publish(tasks(200, 220));
    running.await();
    List<String> doneBefore = List.copyOf(ran);
    start(1, Samples.restless(), (task, context) -> note(task));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Stream.concat(
                            ran.stream(),
                            docket.heard(ReportItem.GiveBack.class).stream()
                                .map(ReportItem.GiveBack::task)))
                    .contains(tasks(200, 220))
                    .doesNotHaveDuplicates());
    assertThat(doneBefore).contains("long");
    assertThat(docket.ends()).doesNotContain("long 200");
  }

  @Test
  void anUnreadableMessageEndsItsRunAndNothingElse() {
    queues.publish(
        Samples.run("t1").toString(), key, VIDEO, 9, "{}".getBytes(StandardCharsets.UTF_8));
    queues.publish(
        Samples.run("t2").toString(), key, VIDEO, 8, "\0".getBytes(StandardCharsets.UTF_8));
    queues.publish("not ours", key, VIDEO, 7, "{}".getBytes(StandardCharsets.UTF_8));
    publish("t3");
    start((task, context) -> note(task));
    awaitRan("t3");
    await()
        .untilAsserted(
            () ->
                assertThat(docket.ends()).containsExactlyInAnyOrder("t1 500", "t2 500", "t3 200"));
    assertThat(docket.heard(ReportItem.Complete.class).get(0).message())
        .startsWith("the worker cannot read its message: ");
    assertLeft(0);
  }

  @Test
  void aMessageIsNotAcknowledgedBeforeItsClaimIsDecided() {
    AtomicInteger tries = new AtomicInteger();
    FakeDocket.Fault claimFails =
        (exchange, body) -> {
          if (new String(body, StandardCharsets.UTF_8).contains("\"claim\"")) {
            tries.incrementAndGet();
          }
          return status(500).happens(exchange, body);
        };
    docket.next(Collections.nCopies(1_000, claimFails).toArray(FakeDocket.Fault[]::new));
    publish("t1");
    start((task, context) -> note(task));
    await().until(() -> tries.get() >= 3);
    assertLeft(1);
    assertThat(ran).isEmpty();
  }

  @Test
  void aServerThatIsDownIsWaitedFor() {
    docket.stop();
    publish("t1");
    start((task, context) -> note(task));
    docket.startAgain();
    awaitRan("t1");
  }

  @Test
  void aClaimWhoseAnswerIsLostIsRepeatedUnderItsId() {
    docket.on(ReportItem.Hello.class, hello -> refused(503));
    FakeDocket.Fault dropClaim =
        (exchange, body) -> {
          String text = new String(body, StandardCharsets.UTF_8);
          return text.contains("\"claim\"") && docket.dropAnswer().happens(exchange, body);
        };
    docket.next(dropClaim, dropClaim, dropClaim, dropClaim);
    publish("t1");
    start((task, context) -> note(task));
    awaitRan("t1");
    assertThat(docket.heard(ReportItem.Claim.class)).hasSizeGreaterThan(2);
    assertThat(docket.heard(ReportItem.Claim.class).stream().distinct()).hasSize(1);
    assertLeft(0);
  }

  @Test
  void aClaimThatIsNeverDecidedIsHandedBackAtTheEnd() {
    docket.on(ReportItem.Claim.class, claim -> refused(503));
    publish("t1", "t2");
    start((task, context) -> note(task));
    await().until(() -> docket.heard(ReportItem.Claim.class).size() > 3);
    assertLeft(2);
    assertThat(ran).isEmpty();
  }

  @Test
  void aClaimThatIsUndecidedForTooLongIsMadeAnew() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    docket.on(
        ReportItem.Claim.class,
        claim -> {
          ids.add(claim.claimId());
          return ids.size() == 1 ? refused(503) : FakeDocket.granted(null);
        });
    publish("t1");
    start(1, Samples.impatient(), (task, context) -> note(task));
    awaitRan("t1");
    assertThat(ids).hasSize(2);
    assertLeft(0);
  }

  @Test
  void anUndecidedClaimEndsWithItsConnection() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    docket.on(
        ReportItem.Claim.class,
        claim -> {
          ids.add(claim.claimId());
          return refused(503);
        });
    publish("t1");
    start((task, context) -> note(task));
    await().until(() -> ids.size() == 1);
    backends().broker().stop();
    queues.close();
    queues = new TestQueues(backends().broker(), backends().prefix());
    queues.declare(key, VIDEO);
    publish("t2");
    await().until(() -> ids.size() == 2);
  }

  @Test
  void aRunOutlivesTheBrokerAndTheWorkerComesBack() throws InterruptedException {
    publish("t1");
    start((task, context) -> task.id().equals("t1") ? block(task) : note(task));
    running.await();
    backends().broker().stop();
    finish.countDown();
    await().until(() -> docket.ends().contains("t1 200"));
    queues.close();
    queues = new TestQueues(backends().broker(), backends().prefix());
    await().until(() -> queues.exists(key, VIDEO) && queues.consumers(key, VIDEO) == 1);
    publish("t2");
    await().until(() -> docket.ends().contains("t2 200"));
  }

  @Test
  void aClaimInFlightWhenTheBrokerGoesIsWorkedOn() throws InterruptedException {
    CountDownLatch claiming = new CountDownLatch(1);
    CountDownLatch brokerIsDown = new CountDownLatch(1);
    docket.on(
        ReportItem.Claim.class,
        claim -> {
          claiming.countDown();
          try {
            brokerIsDown.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return FakeDocket.granted(null);
        });
    publish("t1");
    start((task, context) -> note(task));
    claiming.await();
    backends().broker().stop();
    brokerIsDown.countDown();
    awaitRan("t1");
    await().until(() -> docket.ends().contains("t1 200"));
  }

  @Test
  void aBrokerThatIsDownAtTheStartIsWaitedFor() {
    String address = backends().broker().amqp().toString();
    backends().broker().stop();
    DocketWorker worker =
        DocketWorker.builder()
            .server(docket.address())
            .broker(address)
            .queuePrefix(backends().prefix())
            .key(key)
            .timing(Samples.quick())
            .handler((task, context) -> note(task))
            .build();
    workers.add(worker);
    worker.start();
    await().until(() -> !docket.heard(ReportItem.Hello.class).isEmpty());
    queues.close();
    queues = new TestQueues(backends().broker(), backends().prefix());
    await().until(() -> queues.exists(key, "Text") && queues.consumers(key, "Text") == 1);
    queues.publish("t1", key, "Text", 0);
    awaitRan("t1");
  }

  @Test
  void aQueueThatWasDeletedIsMadeAgain() {
    start((task, context) -> note(task));
    await().until(() -> queues.consumers(key, VIDEO) == 1);
    queues.delete(key, VIDEO);
    await().until(() -> queues.exists(key, VIDEO) && queues.consumers(key, VIDEO) == 1);
    publish("t1");
    awaitRan("t1");
  }

  @Test
  void aStoppedWorkerLeavesWhatItHasNotClaimed() throws InterruptedException {
    publish(tasks(0, 10));
    start(2, Samples.quick(), (task, context) -> block(task));
    await().until(() -> ran.size() == 2);
    assertLeft(8);
    assertThat(docket.heard(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactlyInAnyOrderElementsOf(ran);
  }

  @Test
  void theServersTroubleIsOutwaited() {
    docket.next(status(503), status(500), status(401), docket.dropAnswer(), status(429));
    publish(tasks(0, 20));
    start((task, context) -> note(task));
    awaitRan(tasks(0, 20));
  }
}
