package dev.docket.worker;

import static dev.docket.worker.FakeDocket.rejected;
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

/** The behavior of a worker with any broker. */
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
    return start(1, Samples.shortTimeouts(), handler);
  }

  private DocketWorker start(int concurrency, WorkerTimeouts timeouts, TaskHandler handler) {
    DocketWorker worker =
        DocketWorker.builder()
            .server(docket.address())
            .broker(backends().broker().amqp().toString())
            .queuePrefix(backends().prefix())
            .key(key)
            .types(TargetType.VIDEO, TargetType.SOUND)
            .concurrency(concurrency)
            .stopLimit(Duration.ofMillis(100))
            .timeouts(timeouts)
            .handler(handler)
            .build();
    worker.start();
    workers.add(worker);
    return worker;
  }

  private Outcome recordRun(Task task) {
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

  /** Closes all workers and waits until the broker reports the number of remaining messages. */
  private void assertRemaining(long messages) {
    workers.forEach(DocketWorker::close);
    await()
        .during(Duration.ofMillis(500))
        .until(() -> queues.messages(key, VIDEO) + queues.messages(key, SOUND) == messages);
  }

  @Test
  void claimsExecutesAndAcknowledgesMessage() {
    publish("t1");
    queues.publish("t2", key, SOUND, 0);
    start((task, context) -> recordRun(task));
    awaitRan("t1", "t2");
    await().untilAsserted(() -> assertThat(docket.ends()).contains("t1 200", "t2 200"));
    ReportItem.Claim claim = docket.received(ReportItem.Claim.class).get(0);
    ReportItem.Complete end =
        docket.received(ReportItem.Complete.class).stream()
            .filter(candidate -> candidate.task().equals(claim.task()))
            .findAny()
            .orElseThrow();
    assertThat(end.claimId()).isEqualTo(claim.claimId());
    assertThat(end.run()).isEqualTo("run-of-" + claim.task());
    assertRemaining(0);
  }

  @Test
  void executesTasksThatArriveWhileIdle() {
    start((task, context) -> recordRun(task));
    await().until(() -> queues.consumers(key, VIDEO) == 1);
    publish("t1");
    awaitRan("t1");
    publish("t2");
    awaitRan("t1", "t2");
  }

  @Test
  void passesGrantedTimeoutToHandler() {
    docket.respondTo(ReportItem.Claim.class, claim -> FakeDocket.granted(90L));
    publish("t1");
    start(
        (task, context) -> {
          ran.add(task.timeout().toString());
          return Outcome.success("done");
        });
    awaitRan("Optional[PT1M30S]");
  }

  @Test
  void dropsMessageOfRejectedClaim() {
    docket.respondTo(
        ReportItem.Claim.class,
        claim -> claim.task().equals("t3") ? FakeDocket.granted(null) : rejected(409));
    publish("t1", "t2", "t3");
    start((task, context) -> recordRun(task));
    awaitRan("t3");
    assertRemaining(0);
  }

  @Test
  void runsUrgentTasksFirst() {
    for (int priority : new int[] {3, 0, 8, 5, 1, 7, 2, 6, 4}) {
      queues.publish("t" + priority, key, VIDEO, priority);
    }
    start((task, context) -> recordRun(task));
    await().until(() -> ran.size() == 9);
    assertThat(ran).containsExactly("t8", "t7", "t6", "t5", "t4", "t3", "t2", "t1", "t0");
  }

  @Test
  void runsUrgentTaskOfOtherQueueFirst() {
    publish("t1", "t2");
    queues.publish("urgent", key, SOUND, 8);
    start(1, Samples.longSelectionDelay(), (task, context) -> block(task));
    await().until(() -> !ran.isEmpty());
    assertThat(ran).containsExactly("urgent");
  }

  @Test
  void longTaskHoldsNoOtherMessages() throws InterruptedException {
    publish(tasks(0, 10));
    DocketWorker slow = start((task, context) -> block(task));
    running.await();
    String first = ran.get(0);
    start((task, context) -> recordRun(task));
    awaitRan(tasks(0, 10));
    assertThat(slow.underWay()).isEqualTo(1);
    assertThat(docket.received(ReportItem.GiveBack.class)).isEmpty();
    finish.countDown();
    await().until(() -> docket.ends().contains(first + " 200"));
    publish("again");
    await().until(() -> ran.contains("again"));
  }

  @Test
  void executesManyShortTasksOnceEach() {
    publish(tasks(0, 500));
    start(4, Samples.shortTimeouts(), (task, context) -> recordRun(task));
    start(4, Samples.shortTimeouts(), (task, context) -> recordRun(task));
    awaitRan(tasks(0, 500));
    await().until(() -> docket.ends().size() == 500);
    assertRemaining(0);
    assertThat(docket.received(ReportItem.GiveBack.class)).isEmpty();
  }

  @Test
  void givesBackTasksClaimedAheadOfLongTask() throws InterruptedException {
    publish(tasks(0, 200));
    start(
        1,
        Samples.shortThreadWait(),
        (task, context) -> task.id().equals("long") ? block(task) : recordRun(task));
    awaitRan(tasks(0, 200));
    queues.publish("long", key, VIDEO, 9);
    publish(tasks(200, 220));
    running.await();
    List<String> ranBefore = List.copyOf(ran);
    start(1, Samples.shortThreadWait(), (task, context) -> recordRun(task));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Stream.concat(
                            ran.stream(),
                            docket.received(ReportItem.GiveBack.class).stream()
                                .map(ReportItem.GiveBack::task)))
                    .contains(tasks(200, 220))
                    .doesNotHaveDuplicates());
    assertThat(ranBefore).contains("long");
    assertThat(docket.ends()).doesNotContain("long 200");
  }

  @Test
  void unreadableMessageEndsOnlyItsRun() {
    queues.publish(
        Samples.run("t1").toString(), key, VIDEO, 9, "{}".getBytes(StandardCharsets.UTF_8));
    queues.publish(
        Samples.run("t2").toString(), key, VIDEO, 8, "\0".getBytes(StandardCharsets.UTF_8));
    queues.publish("no-docket-run", key, VIDEO, 7, "{}".getBytes(StandardCharsets.UTF_8));
    publish("t3");
    start((task, context) -> recordRun(task));
    awaitRan("t3");
    await()
        .untilAsserted(
            () ->
                assertThat(docket.ends()).containsExactlyInAnyOrder("t1 500", "t2 500", "t3 200"));
    assertThat(docket.received(ReportItem.Complete.class).get(0).message())
        .startsWith("the worker cannot execute the task: ");
    assertRemaining(0);
  }

  @Test
  void doesNotAcknowledgeMessageBeforeClaimIsDecided() {
    AtomicInteger tries = new AtomicInteger();
    FakeDocket.Fault claimFails =
        (exchange, body) -> {
          if (new String(body, StandardCharsets.UTF_8).contains("\"claim\"")) {
            tries.incrementAndGet();
          }
          return status(500).handle(exchange, body);
        };
    docket.failNext(Collections.nCopies(1_000, claimFails).toArray(FakeDocket.Fault[]::new));
    publish("t1");
    start((task, context) -> recordRun(task));
    await().until(() -> tries.get() >= 3);
    assertRemaining(1);
    assertThat(ran).isEmpty();
  }

  @Test
  void waitsForServer() {
    docket.stop();
    publish("t1");
    start((task, context) -> recordRun(task));
    docket.restart();
    awaitRan("t1");
  }

  @Test
  void repeatsClaimWithSameIdWhenResponseIsLost() {
    docket.respondTo(ReportItem.Hello.class, hello -> rejected(503));
    FakeDocket.Fault dropClaim =
        (exchange, body) -> {
          String text = new String(body, StandardCharsets.UTF_8);
          return text.contains("\"claim\"") && docket.dropResponse().handle(exchange, body);
        };
    docket.failNext(dropClaim, dropClaim, dropClaim, dropClaim);
    publish("t1");
    start((task, context) -> recordRun(task));
    awaitRan("t1");
    assertThat(docket.received(ReportItem.Claim.class)).hasSizeGreaterThan(2);
    assertThat(docket.received(ReportItem.Claim.class).stream().distinct()).hasSize(1);
    assertRemaining(0);
  }

  @Test
  void requeuesMessageOfUndecidedClaimOnStop() {
    docket.respondTo(ReportItem.Claim.class, claim -> rejected(503));
    publish("t1", "t2");
    start((task, context) -> recordRun(task));
    await().until(() -> docket.received(ReportItem.Claim.class).size() > 3);
    assertRemaining(2);
    assertThat(ran).isEmpty();
  }

  @Test
  void claimsAgainWithNewIdAfterClaimTimeout() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    docket.respondTo(
        ReportItem.Claim.class,
        claim -> {
          ids.add(claim.claimId());
          return ids.size() == 1 ? rejected(503) : FakeDocket.granted(null);
        });
    publish("t1");
    start(1, Samples.shortClaimTimeout(), (task, context) -> recordRun(task));
    awaitRan("t1");
    assertThat(ids).hasSize(2);
    assertRemaining(0);
  }

  @Test
  void dropsUndecidedClaimWhenConnectionIsLost() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    docket.respondTo(
        ReportItem.Claim.class,
        claim -> {
          ids.add(claim.claimId());
          return rejected(503);
        });
    publish("t1");
    start((task, context) -> recordRun(task));
    await().until(() -> ids.size() == 1);
    backends().broker().stop();
    queues.close();
    queues = new TestQueues(backends().broker(), backends().prefix());
    queues.declare(key, VIDEO);
    publish("t2");
    await().until(() -> ids.size() == 2);
  }

  @Test
  void runSurvivesBrokerFailureAndWorkerReconnects() throws InterruptedException {
    publish("t1");
    start((task, context) -> task.id().equals("t1") ? block(task) : recordRun(task));
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
  void executesRunWhoseClaimWasInFlightWhenBrokerFailed() throws InterruptedException {
    CountDownLatch claiming = new CountDownLatch(1);
    CountDownLatch brokerIsDown = new CountDownLatch(1);
    docket.respondTo(
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
    start((task, context) -> recordRun(task));
    claiming.await();
    backends().broker().stop();
    brokerIsDown.countDown();
    awaitRan("t1");
    await().until(() -> docket.ends().contains("t1 200"));
  }

  @Test
  void waitsForBrokerAtStart() {
    String address = backends().broker().amqp().toString();
    backends().broker().stop();
    DocketWorker worker =
        DocketWorker.builder()
            .server(docket.address())
            .broker(address)
            .queuePrefix(backends().prefix())
            .key(key)
            .timeouts(Samples.shortTimeouts())
            .handler((task, context) -> recordRun(task))
            .build();
    workers.add(worker);
    worker.start();
    await().until(() -> !docket.received(ReportItem.Hello.class).isEmpty());
    queues.close();
    queues = new TestQueues(backends().broker(), backends().prefix());
    await().until(() -> queues.exists(key, "Text") && queues.consumers(key, "Text") == 1);
    queues.publish("t1", key, "Text", 0);
    awaitRan("t1");
  }

  @Test
  void redeclaresDeletedQueue() {
    start((task, context) -> recordRun(task));
    await().until(() -> queues.consumers(key, VIDEO) == 1);
    queues.delete(key, VIDEO);
    await().until(() -> queues.exists(key, VIDEO) && queues.consumers(key, VIDEO) == 1);
    publish("t1");
    awaitRan("t1");
  }

  @Test
  void stopLeavesUnclaimedMessagesInQueue() throws InterruptedException {
    publish(tasks(0, 10));
    start(2, Samples.shortTimeouts(), (task, context) -> block(task));
    await().until(() -> ran.size() == 2);
    assertRemaining(8);
    assertThat(docket.received(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactlyInAnyOrderElementsOf(ran);
  }

  @Test
  void retriesAfterErrorsOfServer() {
    docket.failNext(status(503), status(500), status(401), docket.dropResponse(), status(429));
    publish(tasks(0, 20));
    start((task, context) -> recordRun(task));
    awaitRan(tasks(0, 20));
  }
}
