package dev.docket.worker;

import static dev.docket.worker.FakeDocket.accepted;
import static dev.docket.worker.FakeDocket.cancel;
import static dev.docket.worker.FakeDocket.rejected;
import static dev.docket.worker.FakeDocket.status;
import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.wire.PollRequest;
import dev.docket.wire.PollResponse;
import dev.docket.wire.ReportItem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A complete worker that polls. The execution of a task is the same for every source. */
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
        .timeouts(Samples.shortTimeouts())
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
  void passesTaskToHandlerAndResultToServer() {
    PollResponse.Granted plain = Samples.granted("t1", "ASR");
    docket.offer(
        new PollResponse.Granted(
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
    ReportItem.Complete end = docket.received(ReportItem.Complete.class).get(0);
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
  void reportsWhatItMeasured() {
    AtomicLong handled = new AtomicLong();
    long before = System.nanoTime();
    start(
        (task, context) -> {
          long start = System.nanoTime();
          Thread.sleep(30);
          handled.set(System.nanoTime() - start);
          return Outcome.success("slept");
        });
    offer("t1");
    awaitEnds("t1 200");
    long total = Duration.ofNanos(System.nanoTime() - before).toMillis();
    ReportItem.Complete end = docket.received(ReportItem.Complete.class).get(0);
    assertThat(end.runMs()).isBetween(Duration.ofNanos(handled.get()).toMillis(), total);
    assertThat(end.waitedMs()).isBetween(0L, total - end.runMs());
  }

  @Test
  void taskThatWasNotStartedHasNoTimes() {
    assertThat(
            new RunItems("tester", Samples.run("t1"), "c")
                .end(new Outcome.Failure(499, "cancelled before the run started"), null))
        .isInstanceOfSatisfying(
            ReportItem.Complete.class,
            end -> {
              assertThat(end.runMs()).isNull();
              assertThat(end.waitedMs()).isNull();
            });
  }

  @Test
  void reportsReceiptBeforeTheHandlerRuns() {
    offer("t1");
    start(
        (task, context) -> {
          await().until(() -> !docket.received(ReportItem.Heartbeat.class).isEmpty());
          return Outcome.success("the server knows that the task has arrived");
        });
    awaitEnds("t1 200");
    assertThat(docket.polls().get(0).firstReportSeconds()).isEqualTo(5);
    assertThat(docket.received(ReportItem.Heartbeat.class).get(0).claimId())
        .isEqualTo("claim-of-t1");
  }

  @Test
  void doesNotRunTaskWhoseReceiptIsRejected() {
    docket.respondTo(ReportItem.Heartbeat.class, item -> rejected(409));
    CountDownLatch interrupted = new CountDownLatch(1);
    offer("t1");
    start(
        (task, context) -> {
          try {
            return runForever();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        });
    await().until(() -> docket.received(ReportItem.Heartbeat.class).size() > 0);
    await().until(() -> worker.underWay() == 0);
    assertThat(docket.ends()).isEmpty();
  }

  @Test
  void readsResponseAfterWhiteSpace() {
    docket.failNextPolls(
        (exchange, body) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("   {\"tasks\":[]}".getBytes(StandardCharsets.UTF_8));
          return true;
        });
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200");
  }

  @Test
  void repeatsPollThatFailedWhileItWaited() {
    AtomicReference<String> failed = new AtomicReference<>();
    docket.failNextPolls(
        (exchange, body) -> {
          failed.set(new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, 0);
          exchange
              .getResponseBody()
              .write(
                  "  {\"tasks\":[],\"error\":{\"status\":503,\"detail\":\"down\"}}"
                      .getBytes(StandardCharsets.UTF_8));
          return true;
        });
    start((task, context) -> Outcome.success("done"));
    await().until(() -> failed.get() != null);
    await()
        .until(
            () -> docket.polls().stream().anyMatch(poll -> failed.get().contains(poll.pollId())));
  }

  @Test
  void restartedWorkerSaysUntilAcceptedThatItsFormerProcessHasEnded(@TempDir Path state) {
    WorkerProcess killed = new WorkerProcess(state, "tester", docket.address());
    killed.begin();
    killed.end(false);
    AtomicInteger hellos = new AtomicInteger();
    docket.respondTo(
        ReportItem.Hello.class, hello -> hellos.incrementAndGet() < 3 ? rejected(503) : accepted());

    start(builder((task, context) -> Outcome.success("done")).stateDirectory(state));

    await().until(() -> hellos.get() >= 3);
    assertThat(docket.received(ReportItem.Hello.class))
        .extracting(ReportItem.Hello::replaces)
        .startsWith(killed.id(), killed.id(), killed.id());
    String instance = docket.received(ReportItem.Hello.class).get(0).instance();
    assertThat(instance).isNotNull().isNotEqualTo(killed.id());
    assertThat(docket.polls().get(0).instance()).isEqualTo(instance);
  }

  @Test
  void executesTaskGrantedTwiceOnce() {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch secondPolled = new CountDownLatch(1);
    offer("t1", "t1");
    start(
        builder(
                (task, context) -> {
                  if (runs.incrementAndGet() == 1) {
                    secondPolled.await();
                  }
                  return Outcome.success("done");
                })
            .concurrency(3));
    await().until(() -> docket.polls().size() >= 2);
    assertThat(docket.polls().get(1).max())
        .as("the slot of the second grant is free again")
        .isEqualTo(2);
    secondPolled.countDown();

    awaitEnds("t1 200");
    assertThat(runs).hasValue(1);
  }

  @Test
  void pollsForAsManyTasksAsFreeSlots() {
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
  void repeatsPollWithSameIdWhenResponseIsLost() {
    docket.failNextPolls(docket.dropResponse(), docket.dropResponse());
    offer("t1", "t2");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200", "t2 200");
    assertThat(docket.polls().stream().map(PollRequest::pollId).distinct().count())
        .isLessThan(docket.polls().size());
  }

  @Test
  void connectsToServerThatStartsLater() {
    docket.stop();
    start((task, context) -> Outcome.success("done"));
    offer("t1");
    docket.restart();
    awaitEnds("t1 200");
  }

  @Test
  void sendsHello() {
    start(builder((task, context) -> Outcome.success("done")).version("1.2").concurrency(2));
    await().until(() -> !docket.received(ReportItem.Hello.class).isEmpty());
    ReportItem.Hello hello = docket.received(ReportItem.Hello.class).get(0);
    assertThat(hello.instance()).isNotNull();
    assertThat(hello)
        .isEqualTo(
            new ReportItem.Hello(
                "tester",
                WorkerName.host(),
                "1.2",
                List.of("ASR"),
                List.of("Video"),
                2,
                0,
                hello.instance(),
                null));
  }

  @Test
  void logsNeitherTokenNorClaimOfTaskThatItCannotExecute() {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.list = Collections.synchronizedList(appender.list);
    appender.start();
    Logger logger = (Logger) LoggerFactory.getLogger("dev.docket.worker");
    Level before = logger.getLevel();
    logger.setLevel(Level.TRACE);
    logger.addAppender(appender);
    PollResponse.Granted unknownKey = Samples.granted("t1", "OTHER");
    PollResponse.Granted invalid =
        new PollResponse.Granted(
            unknownKey.task(),
            unknownKey.document(),
            0,
            unknownKey.run(),
            unknownKey.claimId(),
            60,
            0);
    try {
      docket.offer(invalid);
      docket.offer(unknownKey);
      start((task, context) -> Outcome.success("done"));
      await().until(() -> docket.received(ReportItem.Complete.class).size() == 1);
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(before);
    }
    assertThat(appender.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "Ignoring a granted task without a valid id, attempt and run",
            "Cannot execute attempt 1 of task t1; ending it with 500")
        .noneMatch(line -> line.contains(unknownKey.run()) || line.contains(unknownKey.claimId()));
  }

  @Test
  void usesHandlerOfKey() {
    docket.offer(Samples.granted("t1", "ASR"));
    docket.offer(Samples.granted("t2", "OCR"));
    docket.offer(Samples.granted("t3", "OTHER"));
    start(
        builder((task, context) -> Outcome.success("common"))
            .handler("OCR", (task, context) -> Outcome.success("own")));
    await()
        .untilAsserted(
            () ->
                assertThat(docket.received(ReportItem.Complete.class))
                    .extracting(end -> end.task() + " " + end.state() + " " + end.message())
                    .containsExactlyInAnyOrder(
                        "t1 200 common",
                        "t2 200 own",
                        "t3 500 the worker cannot execute the task: no handler for key OTHER"));
  }

  @Test
  void neverExceedsConcurrency() {
    Semaphore permits = new Semaphore(2);
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger violations = new AtomicInteger();
    IntStream.range(0, 200).forEach(i -> offer("t" + i));
    start(
        builder(
                (task, context) -> {
                  if (!permits.tryAcquire()) {
                    violations.incrementAndGet();
                  }
                  both.countDown();
                  both.await();
                  permits.release();
                  return Outcome.success("done");
                })
            .concurrency(2));
    await().until(() -> docket.ends().size() == 200);
    assertThat(docket.ends()).doesNotHaveDuplicates();
    assertThat(violations).hasValue(0);
  }

  @Test
  void survivesErrorsOfHandlers() {
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
  void reportsProgress() {
    offer("t1");
    start(
        (task, context) -> {
          context.stage("loading");
          context.progress(40, "language model loaded");
          context.log("a line for the log");
          await().until(() -> !docket.received(ReportItem.Progress.class).isEmpty());
          return Outcome.success("done");
        });
    awaitEnds("t1 200");
    assertThat(docket.received(ReportItem.Progress.class))
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
    assertThat(docket.received(ReportItem.Log.class))
        .flatExtracting(ReportItem.Log::lines)
        .extracting(ReportItem.LogLine::message)
        .containsExactly("a line for the log");
    assertThat(docket.received(ReportItem.Started.class)).hasSize(1);
  }

  @Test
  void cancelInterruptsHandlerAndReports499() {
    docket.respondTo(ReportItem.Started.class, started -> cancel());
    offer("t1");
    start((task, context) -> runForever());
    awaitEnds("t1 499");
  }

  @Test
  void lostLeaseInterruptsHandlerAndDropsOutcome() throws InterruptedException {
    docket.respondTo(ReportItem.Started.class, started -> rejected(409));
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
  void interruptDoesNotReachNextTask() {
    docket.respondTo(ReportItem.Started.class, started -> cancel());
    AtomicBoolean clean = new AtomicBoolean();
    offer("t1");
    start(
        (task, context) -> {
          if (task.id().equals("t1")) {
            while (!context.cancelled()) {
              Thread.onSpinWait();
            }
            return Outcome.error("ignored the interrupt");
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
  void repeatsEndUntilServerAcceptsIt() {
    AtomicInteger tries = new AtomicInteger();
    docket.respondTo(
        ReportItem.Complete.class, end -> tries.incrementAndGet() < 5 ? rejected(503) : accepted());
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    await().until(() -> tries.get() == 5);
    await().until(() -> worker.underWay() == 0);
    assertThat(docket.received(ReportItem.Complete.class))
        .containsOnly(docket.received(ReportItem.Complete.class).get(0));
  }

  @Test
  void acceptsNoTasksWhileEndsAreUndecided() {
    docket.respondTo(ReportItem.Complete.class, end -> rejected(503));
    ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
    IntStream.range(0, 50).forEach(i -> offer("t" + i));
    start(
        (task, context) -> {
          ran.add(task.id());
          return Outcome.success("done");
        });
    await().until(() -> docket.ends().size() > 5);
    assertThat(ran).hasSize(1);
    docket.respondTo(ReportItem.Complete.class, end -> accepted());
    await().until(() -> ran.size() == 50);
  }

  @Test
  void resultsTooLargeForServerEndTaskWith500() {
    docket.respondTo(
        ReportItem.Complete.class, end -> end.results() == null ? accepted() : rejected(413));
    offer("t1");
    start((task, context) -> Outcome.success("done").result("large"));
    awaitEnds("t1 200", "t1 500");
    assertThat(docket.received(ReportItem.Complete.class).get(1).message())
        .contains("because of 413");
  }

  @Test
  void outcomeRejectedByServerEndsTaskWith500() {
    docket.respondTo(
        ReportItem.Complete.class, end -> end.state() == 412 ? rejected(400) : accepted());
    offer("t1");
    start((task, context) -> Outcome.needs("OCR"));
    awaitEnds("t1 412", "t1 500");
    await().until(() -> worker.underWay() == 0);
  }

  @Test
  void doesNotRepeatRejectedEnd() {
    docket.respondTo(ReportItem.Complete.class, end -> rejected(409));
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200");
    await().until(() -> worker.underWay() == 0);
    offer("t2");
    awaitEnds("t1 200", "t2 200");
  }

  @Test
  void handlerCanGiveBackTask() {
    offer("t1");
    start((task, context) -> Outcome.giveBack("no graphics card"));
    await()
        .untilAsserted(
            () ->
                assertThat(docket.received(ReportItem.GiveBack.class))
                    .extracting(ReportItem.GiveBack::task, ReportItem.GiveBack::message)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("t1", "no graphics card")));
  }

  @Test
  void stopWaitsForTaskThatEndsWithinLimit() throws InterruptedException {
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
    assertThat(docket.received(ReportItem.GiveBack.class)).isEmpty();
  }

  @Test
  void stopInterruptsAndGivesBackTaskBeyondLimit() throws InterruptedException {
    offer("t1");
    start((task, context) -> runForever());
    running.await();
    worker.stop();
    assertThat(docket.received(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactly("t1");
    assertThat(docket.ends()).isEmpty();
  }

  @Test
  void stopAbandonsHandlerThatIgnoresInterrupt() throws InterruptedException {
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
          return Outcome.success("too late");
        });
    running.await();
    worker.stop();
    end.set(true);
    ended.await();
    assertThat(docket.received(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactly("t1");
    assertThat(docket.ends()).isEmpty();
  }

  @Test
  void stopDoesNotWaitForUnreachableServer() throws InterruptedException {
    offer("t1");
    start((task, context) -> runForever());
    running.await();
    docket.stop();
    worker.stop();
    assertThat(worker.underWay()).isEqualTo(1);
  }

  @Test
  void stopEndsAllThreads() {
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
  void retriesAfterErrorsOfServer() {
    docket.failNext(status(503), status(500), status(401), status(503), status(429), status(404));
    offer("t1");
    start((task, context) -> Outcome.success("done"));
    awaitEnds("t1 200");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void repeatsTheSamePollAfterRequestedDelay(int status) {
    List<String> rejected = new CopyOnWriteArrayList<>();
    docket.failNextPolls(
        (exchange, body) -> {
          rejected.add(WireJson.read(body, PollRequest.class).pollId());
          return FakeDocket.status(status, "Retry-After", "1").handle(exchange, body);
        });
    start((task, context) -> Outcome.success("done"));
    offer("t1");

    awaitEnds("t1 200");

    assertThat(rejected).hasSize(1);
    assertThat(docket.polls()).extracting(PollRequest::pollId).contains(rejected.get(0));
  }

  @Test
  void stopEndsOpenPoll() {
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
  void stopEndsPollWhoseResponseWasLost() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    docket.failNextPolls(
        (exchange, body) -> {
          exchange.getResponseHeaders().add("Retry-After", "60");
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
          failed.countDown();
          return true;
        });
    start((task, context) -> Outcome.success("never"));
    failed.await();
    docket.offer(Samples.granted("late", "ASR"));

    worker.close();

    assertThat(docket.received(ReportItem.GiveBack.class))
        .singleElement()
        .satisfies(back -> assertThat(back.task()).isEqualTo("late"));
  }

  @Test
  void stopGivesBackTaskGrantedByOpenPoll() {
    docket.grantWhenPollEnds(Samples.granted("late", "ASR"));
    start((task, context) -> Outcome.success("never"));
    await().until(() -> !docket.polls().isEmpty());

    worker.close();

    assertThat(docket.received(ReportItem.GiveBack.class))
        .singleElement()
        .satisfies(back -> assertThat(back.task()).isEqualTo("late"));
    assertThat(docket.ends()).isEmpty();
  }
}
