package dev.docket.worker;

import static dev.docket.worker.FakeDocket.cancel;
import static dev.docket.worker.FakeDocket.refused;
import static dev.docket.worker.FakeDocket.status;
import static dev.docket.worker.FakeDocket.taken;
import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.wire.PollAnswer;
import dev.docket.wire.PollRequest;
import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole worker that polls; what it does with a task is the same for every source. */
class PollingWorkerTest {

  private final FakeDocket docket = new FakeDocket();
  private final CountDownLatch running = new CountDownLatch(1);
  private DocketWorker worker;

  @AfterEach
  void close() {
    if (worker != null) {
      worker.close();
    }
    docket.close();
  }

  private WorkerBuilder builder(TaskHandler handler) {
    return DocketWorker.builder()
        .server(docket.address())
        .name("tester")
        .key("ASR")
        .types(TargetType.VIDEO)
        .stopLimit(Duration.ofMillis(100))
        .timing(Samples.quick())
        .handler(handler);
  }

  private void start(TaskHandler handler) {
    start(builder(handler));
  }

  private void start(WorkerBuilder builder) {
    worker = builder.build();
    worker.start();
  }

  private void offer(String... tasks) {
    for (String task : tasks) {
      docket.offer(Samples.granted(task, "ASR"));
    }
  }

  private void awaitEnds(String... ends) {
    await().untilAsserted(() -> assertThat(docket.ends()).containsExactly(ends));
  }

  private Outcome runForever() throws InterruptedException {
    running.countDown();
    Thread.sleep(600_000);
    return Outcome.success("never");
  }

  @Test
  void theHandlerGetsTheTaskAndTheServerTheResult() {
    PollAnswer.Granted plain = Samples.granted("t1", "ASR");
    docket.offer(
        new PollAnswer.Granted(
            plain.task(), plain.document(), 3, plain.run(), plain.claimId(), 60, 90));
    start(
        (task, context) ->
            Outcome.success("Ἰλιάς 日本語 🎬 العربية")
                .result(
                    Map.of(
                        "task", task.toString(),
                        "thread", Thread.currentThread().getName()),
                    new Generator("asr", "Software", "Recogniser 日本", "http://localhost/asr")));
    awaitEnds("t1 200");
    ReportItem.Complete end = docket.heard(ReportItem.Complete.class).get(0);
    assertThat(end.message()).isEqualTo("Ἰλιάς 日本語 🎬 العربية");
    assertThat(end.worker()).isEqualTo("tester");
    assertThat(end.attempt()).isEqualTo(3);
    assertThat(end.run()).isEqualTo("run-of-t1");
    assertThat(end.claimId()).isEqualTo("claim-of-t1");
    assertThat(end.results()).hasSize(1);
    assertThat(end.results().get(0).generator())
        .containsOnly(
            Map.entry("id", "asr"),
            Map.entry("type", "Software"),
            Map.entry("name", "Recogniser 日本"),
            Map.entry("homepage", "http://localhost/asr"));
    JsonNode payload = end.results().get(0).payload();
    assertThat(payload.get("task").textValue())
        .contains("id=t1", "attempt=3", "priority=5", "language=nl", "type=VIDEO", "PT1M30S")
        .contains("title=Ἰλιάς 日本語 🎬", "name=Ann");
    assertThat(payload.get("thread").textValue()).startsWith("docket-worker-tester-task");
  }

  @Test
  void whatIsGrantedTwiceIsDoneOnce() {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch bothCame = new CountDownLatch(1);
    offer("t1", "t1");
    start(
        builder(
                (task, context) -> {
                  if (runs.incrementAndGet() == 1) {
                    bothCame.await();
                  }
                  return Outcome.success("done");
                })
            .concurrency(3));
    await().until(() -> docket.polls().size() >= 2);
    assertThat(docket.polls().get(1).max()).as("the second's place is free again").isEqualTo(2);
    bothCame.countDown();

    awaitEnds("t1 200");
    assertThat(runs).hasValue(1);
  }

  @Test
  void itAsksForAsManyAsItHasPlaces() {
    start(builder((task, context) -> runForever()).concurrency(3));
    await().until(() -> !docket.polls().isEmpty());
    PollRequest first = docket.polls().get(0);
    assertThat(first.keys()).containsExactly("ASR");
    assertThat(first.types()).containsExactly("Video");
    assertThat(first.max()).isEqualTo(3);
    offer("t1");
    await()
        .untilAsserted(
            () -> assertThat(docket.polls()).last().extracting(PollRequest::max).isEqualTo(2));
  }

  @Test
  void aPollWhoseAnswerIsLostIsRepeatedUnderItsId() {
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    AtomicInteger dropped = new AtomicInteger();
    FakeDocket.Fault dropPoll =
        (exchange, body) -> {
          boolean isPoll = exchange.getRequestURI().getPath().endsWith("poll");
          if (isPoll && dropped.getAndIncrement() < 2) {
            return docket.dropAnswer().happens(exchange, body);
          }
          return false;
        };
    docket.next(dropPoll, dropPoll, dropPoll, dropPoll, dropPoll, dropPoll);
    offer("t2");
    awaitEnds("t1 200", "t2 200");
    assertThat(docket.polls().stream().map(PollRequest::pollId).distinct().count())
        .isLessThan(docket.polls().size());
  }

  @Test
  void aServerThatAppearsLaterIsFound() {
    docket.stop();
    start((task, context) -> Outcome.success("done"));
    offer("t1");
    docket.startAgain();
    awaitEnds("t1 200");
  }

  @Test
  void itSaysWhoItIs() {
    start(builder((task, context) -> Outcome.success("done")).version("1.2").concurrency(2));
    await().until(() -> !docket.heard(ReportItem.Hello.class).isEmpty());
    assertThat(docket.heard(ReportItem.Hello.class).get(0))
        .isEqualTo(
            new ReportItem.Hello(
                "tester", WorkerName.host(), "1.2", List.of("ASR"), List.of("Video"), 2, 0));
  }

  @Test
  void eachKeyHasItsHandler() {
    docket.offer(Samples.granted("t1", "ASR"));
    docket.offer(Samples.granted("t2", "OCR"));
    docket.offer(Samples.granted("t3", "OTHER"));
    start(
        builder((task, context) -> Outcome.success("common"))
            .handler("OCR", (task, context) -> Outcome.success("own")));
    await()
        .untilAsserted(
            () ->
                assertThat(docket.heard(ReportItem.Complete.class))
                    .extracting(end -> end.task() + " " + end.state() + " " + end.message())
                    .containsExactlyInAnyOrder(
                        "t1 200 common",
                        "t2 200 own",
                        "t3 500 the worker cannot read its message: its key is OTHER"));
  }

  @Test
  void noMoreRunAtOnceThanWasSaid() {
    Semaphore two = new Semaphore(2);
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger tooMany = new AtomicInteger();
    IntStream.range(0, 200).forEach(i -> offer("t" + i));
    start(
        builder(
                (task, context) -> {
                  if (!two.tryAcquire()) {
                    tooMany.incrementAndGet();
                  }
                  both.countDown();
                  both.await();
                  two.release();
                  return Outcome.success("done");
                })
            .concurrency(2));
    await().until(() -> docket.ends().size() == 200);
    assertThat(docket.ends()).doesNotHaveDuplicates();
    assertThat(tooMany).hasValue(0);
  }

  @Test
  void theWorkerOutlivesItsHandlersErrors() {
    offer("t1", "t2", "t3");
    start(
        (task, context) ->
            switch (task.id()) {
              case "t1" -> throw new StackOverflowError();
              case "t2" -> throw new OutOfMemoryError("on purpose");
              default -> Outcome.success("alive");
            });
    awaitEnds("t1 500", "t2 500", "t3 200");
  }

  @Test
  void progressIsReported() {
    offer("t1");
    start(
        (task, context) -> {
          context.stage("loading");
          context.progress(40, "language model loaded");
          context.log("a line for the log");
          await().until(() -> !docket.heard(ReportItem.Progress.class).isEmpty());
          return Outcome.success("done");
        });
    awaitEnds("t1 200");
    assertThat(docket.heard(ReportItem.Progress.class))
        .contains(
            new ReportItem.Progress(
                "tester",
                "t1",
                1,
                "run-of-t1",
                "claim-of-t1",
                40,
                "loading",
                "language model loaded"));
    assertThat(docket.heard(ReportItem.Log.class))
        .extracting(ReportItem.Log::message)
        .containsExactly("a line for the log");
    assertThat(docket.heard(ReportItem.Started.class)).hasSize(1);
  }

  @Test
  void aCancelInterruptsTheHandlerAndIsReported() {
    docket.on(ReportItem.Started.class, started -> cancel());
    offer("t1");
    start((task, context) -> runForever());
    awaitEnds("t1 499");
  }

  @Test
  void aLostLeaseInterruptsTheHandlerAndIsNotReported() throws InterruptedException {
    docket.on(ReportItem.Started.class, started -> refused(409));
    CountDownLatch interrupted = new CountDownLatch(1);
    offer("t1", "t2");
    start(
        (task, context) -> {
          if (task.id().equals("t2")) {
            return Outcome.success("next");
          }
          try {
            return runForever();
          } catch (InterruptedException e) {
            assertThat(context.cancelled()).isTrue();
            interrupted.countDown();
            throw e;
          }
        });
    interrupted.await();
    awaitEnds("t2 200");
  }

  @Test
  void anInterruptDoesNotReachTheNextTask() {
    docket.on(ReportItem.Started.class, started -> cancel());
    AtomicBoolean clean = new AtomicBoolean();
    offer("t1");
    start(
        (task, context) -> {
          if (task.id().equals("t1")) {
            while (!context.cancelled()) {
              Thread.onSpinWait();
            }
            return Outcome.error("did not look at the interrupt");
          }
          clean.set(!Thread.currentThread().isInterrupted());
          return Outcome.success("done");
        });
    awaitEnds("t1 499");
    offer("t2");
    awaitEnds("t1 499", "t2 200");
    assertThat(clean).isTrue();
  }

  @Test
  void aResultIsHandedInUntilItIsTaken() {
    AtomicInteger tries = new AtomicInteger();
    docket.on(
        ReportItem.Complete.class, end -> tries.incrementAndGet() < 5 ? refused(503) : taken());
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    await().until(() -> tries.get() == 5);
    await().until(() -> worker.underWay() == 0);
    assertThat(docket.heard(ReportItem.Complete.class))
        .containsOnly(docket.heard(ReportItem.Complete.class).get(0));
  }

  @Test
  void noNewWorkIsTakenWhileResultsCannotBeHandedIn() {
    docket.on(ReportItem.Complete.class, end -> refused(503));
    ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
    IntStream.range(0, 50).forEach(i -> offer("t" + i));
    start(
        (task, context) -> {
          ran.add(task.id());
          return Outcome.success("done");
        });
    await().until(() -> docket.ends().size() > 5);
    assertThat(ran).hasSize(1);
    docket.on(ReportItem.Complete.class, end -> taken());
    await().until(() -> ran.size() == 50);
  }

  @Test
  void resultsThatAreTooLargeForTheServerEndTheTaskWithTheReason() {
    docket.on(ReportItem.Complete.class, end -> end.results() == null ? taken() : refused(413));
    offer("t1");
    start((task, context) -> Outcome.success("done").result("large"));
    awaitEnds("t1 200", "t1 500");
    assertThat(docket.heard(ReportItem.Complete.class).get(1).message()).contains("because of 413");
  }

  @Test
  void anOutcomeThatTheServerDoesNotUnderstandEndsTheTaskWithTheReason() {
    docket.on(ReportItem.Complete.class, end -> end.state() == 412 ? refused(400) : taken());
    offer("t1");
    start((task, context) -> Outcome.needs("OCR"));
    awaitEnds("t1 412", "t1 500");
    await().until(() -> worker.underWay() == 0);
  }

  @Test
  void aRefusedEndIsTheEnd() {
    docket.on(ReportItem.Complete.class, end -> refused(409));
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200");
    await().until(() -> worker.underWay() == 0);
    offer("t2");
    awaitEnds("t1 200", "t2 200");
  }

  @Test
  void aHandlerCanGiveBack() {
    offer("t1");
    start((task, context) -> Outcome.giveBack("no graphics card"));
    await()
        .untilAsserted(
            () ->
                assertThat(docket.heard(ReportItem.GiveBack.class))
                    .extracting(ReportItem.GiveBack::task, ReportItem.GiveBack::message)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("t1", "no graphics card")));
  }

  @Test
  void whatEndsInTimeIsFinishedWhenTheWorkerStops() throws InterruptedException {
    offer("t1");
    CountDownLatch finish = new CountDownLatch(1);
    start(
        builder(
                (task, context) -> {
                  running.countDown();
                  finish.await();
                  return Outcome.success("in time");
                })
            .stopLimit(Duration.ofMinutes(1)));
    running.await();
    Thread stopper = new Thread(worker::stop);
    stopper.start();
    finish.countDown();
    stopper.join();
    assertThat(docket.ends()).containsExactly("t1 200");
    assertThat(docket.heard(ReportItem.GiveBack.class)).isEmpty();
  }

  @Test
  void whatDoesNotEndInTimeIsInterruptedAndGivenBack() throws InterruptedException {
    offer("t1");
    start((task, context) -> runForever());
    running.await();
    worker.stop();
    assertThat(docket.heard(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactly("t1");
    assertThat(docket.ends()).isEmpty();
  }

  @Test
  void aHandlerThatDoesNotListenIsLeftBehind() throws InterruptedException {
    offer("t1");
    AtomicBoolean end = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    start(
        (task, context) -> {
          running.countDown();
          while (!end.get()) {
            Thread.onSpinWait();
          }
          ended.countDown();
          return Outcome.success("much too late");
        });
    running.await();
    worker.stop();
    end.set(true);
    ended.await();
    assertThat(docket.heard(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactly("t1");
    assertThat(docket.ends()).isEmpty();
  }

  @Test
  void aStopDoesNotWaitForAServerThatIsGone() throws InterruptedException {
    offer("t1");
    start((task, context) -> runForever());
    running.await();
    docket.stop();
    worker.stop();
    assertThat(worker.underWay()).isEqualTo(1);
  }

  @Test
  void aStoppedWorkerLeavesNoThread() {
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200");
    assertThat(threads()).isNotEmpty();
    worker.stop();
    worker.stop();
    await().untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("docket-worker-tester"))
        .toList();
  }

  @Test
  void runUntilStoppedReturnsWhenStopped() throws InterruptedException {
    worker = builder((task, context) -> Outcome.success("done")).build();
    Thread main =
        new Thread(
            () -> {
              try {
                worker.runUntilStopped();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    main.start();
    offer("t1");
    awaitEnds("t1 200");
    worker.stop();
    main.join();
  }

  @Test
  void theServersTroubleIsOutwaited() {
    docket.next(status(503), status(500), status(401), status(503), status(429), status(404));
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200");
  }

  @Test
  void whoStopsEndsItsOpenPollAndGivesBackWhatItWasGranted() {
    start((task, context) -> Outcome.success("done"));
    await().until(() -> !docket.polls().isEmpty());
    PollRequest open = docket.polls().get(docket.polls().size() - 1);

    worker.close();

    assertThat(docket.polls())
        .last()
        .satisfies(
            last -> {
              assertThat(last.pollId()).isEqualTo(open.pollId());
              assertThat(last.waitSeconds()).isZero();
            });
  }

  @Test
  void aTaskThatIsGrantedToOneWhoStopsGoesBackAtOnce() {
    docket.grantsAtTheEnd(Samples.granted("late", "ASR"));
    start((task, context) -> Outcome.success("never"));
    await().until(() -> !docket.polls().isEmpty());

    worker.close();

    assertThat(docket.heard(ReportItem.GiveBack.class))
        .singleElement()
        .satisfies(back -> assertThat(back.task()).isEqualTo("late"));
    assertThat(docket.ends()).isEmpty();
  }
}
