package dev.docket.worker;

import static dev.docket.worker.FakeDocket.accepted;
import static dev.docket.worker.FakeDocket.rejected;
import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.docket.wire.PollResponse;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NewResult;
import dev.docket.worker.FakeUploads.Call;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A complete worker whose handler returns large results. */
class ResultUploadsTest {

  private static final int MEBIBYTE = 1024 * 1024;
  private static final String PATH = "/task/t1/results/0";

  /** As JSON it has 3 MiB. */
  private static final String LARGE = "x".repeat(3 * MEBIBYTE - 2);

  private final FakeDocket docket = new FakeDocket();
  private final FakeUploads uploads = docket.uploads();
  private final CountDownLatch uploading = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private DocketWorker worker;

  @AfterEach
  void close() {
    release.countDown();
    if (worker != null) {
      worker.close();
    }
    docket.close();
  }

  private WorkerBuilder builder(TaskHandler handler) {
    return DocketWorker.builder()
        .server(docket.address())
        .name("tester")
        .token("key-1")
        .key("ASR")
        .stopLimit(Duration.ofMillis(100))
        .timeouts(Samples.shortTimeouts())
        .handler(handler);
  }

  private void start(WorkerBuilder builder) {
    docket.offer(Samples.granted("t1", "ASR"));
    worker = builder.build();
    worker.start();
  }

  /** Starts a worker whose first task has the results, and all others none. */
  private void startWithResults(Object... payloads) {
    start(builder((task, context) -> task.id().equals("t1") ? success(payloads) : success()));
  }

  private static Outcome.Success success(Object... payloads) {
    Outcome.Success success = Outcome.success("done");
    for (Object payload : payloads) {
      success = success.result(payload);
    }
    return success;
  }

  private List<NewResult> awaitResults() {
    await().untilAsserted(() -> assertThat(docket.ends()).containsExactly("t1 200"));
    return docket.received(ReportItem.Complete.class).get(0).results();
  }

  private void awaitEnds(String... ends) {
    await().untilAsserted(() -> assertThat(docket.ends()).containsExactly(ends));
  }

  /** Holds a call until the test releases it. */
  private boolean hold() {
    uploading.countDown();
    awaitLatch(release);
    return false;
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static NewResult uploaded(long bytes) {
    return new NewResult(null, null, bytes);
  }

  private static NewResult inline(int payload) {
    return new NewResult(IntNode.valueOf(payload), null);
  }

  @Test
  void uploadsLargePayloadBeforeItReportsEnd() {
    Generator generator = Generator.software("asr", "Recogniser");
    docket.respondTo(
        ReportItem.Complete.class,
        end ->
            uploads.content("t1", 1).length() == LARGE.length() + 2 ? accepted() : rejected(400));
    start(builder((task, context) -> success(1).result(LARGE, generator).result(2)));

    assertThat(awaitResults())
        .containsExactly(
            inline(1), new NewResult(null, generator.wire(), 3L * MEBIBYTE), inline(2));
    assertThat(uploads.content("t1", 1)).isEqualTo('"' + LARGE + '"');
    assertThat(uploads.headers())
        .singleElement()
        .satisfies(
            headers ->
                assertThat(headers)
                    .containsEntry("Docket-attempt", List.of("1"))
                    .containsEntry("Docket-run", List.of("run-of-t1"))
                    .containsEntry("Docket-claim", List.of("claim-of-t1"))
                    .containsEntry("Content-type", List.of("application/json"))
                    .containsEntry("Authorization", List.of("Bearer key-1")));
  }

  @Test
  void uploadsNothingWhileResultsFitIntoReport() {
    String quarter = "é".repeat((MEBIBYTE / 4 - 2) / 2);
    startWithResults(quarter, quarter, quarter, quarter);

    assertThat(awaitResults()).hasSize(4).allMatch(result -> result.uploaded() == null);
    assertThat(uploads.calls()).isEmpty();
  }

  @Test
  void uploadsLargestOfManySmallResults() {
    String small = "x".repeat(MEBIBYTE / 8 - 2);
    String larger = "x".repeat(MEBIBYTE / 8 + 98);
    startWithResults(small, small, larger, small, small, small, larger, small, small, small, 1);

    List<NewResult> results = awaitResults();
    assertThat(IntStream.range(0, 11).filter(n -> results.get(n).uploaded() != null))
        .as("8 payloads have 1 MiB, so that the last one does not fit")
        .containsExactly(0, 2, 6);
    assertThat(results.get(2)).isEqualTo(uploaded(MEBIBYTE / 8 + 100));
    assertThat(uploads.content("t1", 6)).isEqualTo('"' + larger + '"');
    assertThat(results.get(10)).isEqualTo(inline(1));
  }

  @Test
  void nullPayloadStaysInReport() {
    startWithResults(NullNode.instance, LARGE);

    assertThat(awaitResults())
        .containsExactly(new NewResult(NullNode.instance, null), uploaded(3 * MEBIBYTE));
  }

  @Test
  void continuesUploadAfterLostConnection() {
    uploads.failNext(uploads.cutAfter(MEBIBYTE), uploads.status(503, ""));
    startWithResults(LARGE);

    assertThat(awaitResults()).containsExactly(uploaded(3 * MEBIBYTE));
    assertThat(uploads.calls())
        .containsExactly(
            new Call("PUT", PATH, 0, MEBIBYTE),
            new Call("HEAD", PATH, 0, 0),
            new Call("HEAD", PATH, 0, 0),
            new Call("PUT", PATH, MEBIBYTE, 2 * MEBIBYTE));
    assertThat(uploads.content("t1", 0)).isEqualTo('"' + LARGE + '"');
  }

  @Test
  void continuesUploadAfterTooManyRequests() {
    uploads.failNext(
        uploads.status(429, "", "Retry-After", "0"), uploads.status(429, "", "Retry-After", "0"));
    startWithResults(LARGE);

    assertThat(awaitResults()).containsExactly(uploaded(3 * MEBIBYTE));
    assertThat(uploads.calls())
        .extracting(Call::method)
        .containsExactly("PUT", "HEAD", "HEAD", "PUT");
    assertThat(uploads.content("t1", 0)).isEqualTo('"' + LARGE + '"');
  }

  @Test
  void confirmsUploadWhoseResponseWasLost() {
    uploads.failNext(uploads.dropResponse());
    startWithResults(LARGE);

    assertThat(awaitResults()).containsExactly(uploaded(3 * MEBIBYTE));
    assertThat(uploads.calls())
        .containsExactly(
            new Call("PUT", PATH, 0, 3 * MEBIBYTE),
            new Call("HEAD", PATH, 0, 0),
            new Call("PUT", PATH, 3 * MEBIBYTE, 0));
  }

  @Test
  void asksForOffsetAfterErrorsOfServer() {
    uploads.failNext(
        uploads.status(503, "", "Retry-After", "0"),
        uploads.status(500, ""),
        uploads.status(401, ""),
        uploads.status(429, ""),
        exchange -> false,
        uploads.status(409, "", "Upload-Offset", "7"));
    startWithResults(LARGE);

    assertThat(awaitResults()).containsExactly(uploaded(3 * MEBIBYTE));
    assertThat(uploads.calls())
        .extracting(Call::method)
        .containsExactly("PUT", "HEAD", "HEAD", "HEAD", "HEAD", "PUT", "HEAD", "PUT");
  }

  @Test
  void dropsOutcomeOfLostRun() {
    uploads.failNext(uploads.status(409, "{\"detail\":\"another run\"}"));
    startWithResults(LARGE);
    docket.offer(Samples.granted("t2", "ASR"));

    awaitEnds("t2 200");
    assertThat(uploads.calls()).hasSize(1);
    assertThat(docket.received(ReportItem.GiveBack.class)).isEmpty();
  }

  @Test
  void dropsOutcomeOfDeletedTask() {
    uploads.failNext(uploads.cutAfter(MEBIBYTE), uploads.status(404, ""));
    startWithResults(LARGE);
    docket.offer(Samples.granted("t2", "ASR"));

    awaitEnds("t2 200");
    assertThat(uploads.calls()).extracting(Call::method).containsExactly("PUT", "HEAD");
  }

  @Test
  void rejectedPayloadEndsTaskWith500() {
    uploads.failNext(
        uploads.status(413, "{\"detail\":\"payload must be at most 16777216 bytes\"}"));
    startWithResults(1, LARGE);

    awaitEnds("t1 500");
    ReportItem.Complete end = docket.received(ReportItem.Complete.class).get(0);
    assertThat(end.message())
        .isEqualTo("the server rejected result 2: payload must be at most 16777216 bytes");
    assertThat(end.results()).isNull();
    assertThat(uploads.calls()).hasSize(1);
  }

  @Test
  void rejectedHeaderEndsTaskWith500() {
    uploads.failNext(uploads.status(400, "{\"detail\":\"Docket-Attempt must be a number\"}"));
    startWithResults(LARGE);

    awaitEnds("t1 500");
    assertThat(docket.received(ReportItem.Complete.class).get(0).message())
        .contains("Docket-Attempt must be a number");
  }

  @Test
  void sendsHeartbeatsDuringUpload() {
    uploads.failNext(exchange -> hold());
    startWithLeaseOfOneSecond();

    await().until(() -> docket.received(ReportItem.Heartbeat.class).size() >= 2);
    assertThat(docket.ends()).isEmpty();
    release.countDown();
    awaitEnds("t1 200");
  }

  private void startWithLeaseOfOneSecond() {
    PollResponse.Granted plain = Samples.granted("t1", "ASR");
    docket.offer(
        new PollResponse.Granted(
            plain.task(), plain.document(), 1, plain.run(), plain.claimId(), 1, 0));
    worker = builder((task, context) -> success(LARGE)).build();
    worker.start();
  }

  @Test
  void lostLeaseInterruptsUpload() {
    docket.respondTo(
        ReportItem.Started.class,
        started -> {
          awaitLatch(uploading);
          return started.task().equals("t1") ? rejected(409) : accepted();
        });
    uploads.failNext(exchange -> hold());
    startWithResults(LARGE);
    docket.offer(Samples.granted("t2", "ASR"));

    awaitEnds("t2 200");
    assertThat(uploads.calls()).isEmpty();
  }

  @Test
  void cancelDoesNotInterruptUpload() {
    docket.respondTo(ReportItem.Heartbeat.class, heartbeat -> FakeDocket.cancel());
    uploads.failNext(exchange -> hold());
    startWithLeaseOfOneSecond();

    await().until(() -> docket.received(ReportItem.Heartbeat.class).size() >= 2);
    release.countDown();
    assertThat(awaitResults()).containsExactly(uploaded(3 * MEBIBYTE));
    assertThat(uploads.calls()).hasSize(1);
  }

  @Test
  void interruptOfHandlerDoesNotReachUpload() {
    docket.respondTo(ReportItem.Started.class, started -> FakeDocket.cancel());
    start(
        builder(
            (task, context) -> {
              while (!context.cancelled()) {
                Thread.onSpinWait();
              }
              return success(LARGE);
            }));

    assertThat(awaitResults()).containsExactly(uploaded(3 * MEBIBYTE));
  }

  @Test
  void stopWaitsForUploadThatEndsWithinLimit() throws InterruptedException {
    uploads.failNext(exchange -> hold());
    start(builder((task, context) -> success(LARGE)).stopLimit(Duration.ofMinutes(1)));
    uploading.await();
    Thread stopper = new Thread(worker::stop);
    stopper.start();
    release.countDown();
    stopper.join();

    assertThat(docket.ends()).containsExactly("t1 200");
    assertThat(docket.received(ReportItem.GiveBack.class)).isEmpty();
  }

  @Test
  void stopGivesBackTaskWhoseUploadHangs() throws InterruptedException {
    uploads.failNext(exchange -> hold());
    startWithResults(LARGE);
    uploading.await();
    worker.stop();

    assertGivenBack();
  }

  @Test
  void stopGivesBackTaskWhoseUploadFails() {
    uploads.failNext(
        Collections.nCopies(1_000, uploads.status(503, "")).toArray(FakeUploads.Fault[]::new));
    startWithResults(LARGE);
    await().until(() -> uploads.calls().size() > 3);
    worker.stop();

    assertGivenBack();
  }

  private void assertGivenBack() {
    assertThat(docket.received(ReportItem.GiveBack.class))
        .extracting(ReportItem.GiveBack::task)
        .containsExactly("t1");
    assertThat(docket.ends()).isEmpty();
    await().until(() -> threads().isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("docket-worker-tester"))
        .toList();
  }

  @Test
  void logsNeitherTokenNorClaim() throws InterruptedException {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.list = Collections.synchronizedList(appender.list);
    appender.start();
    Logger logger = (Logger) LoggerFactory.getLogger("dev.docket.worker");
    Level before = logger.getLevel();
    logger.setLevel(Level.TRACE);
    logger.addAppender(appender);
    try {
      uploads.failNext(
          uploads.cutAfter(MEBIBYTE),
          uploads.status(503, ""),
          uploads.status(413, "{\"detail\":\"too large\"}"),
          uploads.status(409, ""),
          exchange -> hold());
      docket.offer(Samples.granted("t2", "ASR"));
      docket.offer(Samples.granted("t3", "ASR"));
      start(builder((task, context) -> success(LARGE)));
      uploading.await();
      docket.stop();
      worker.close();
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(before);
    }
    assertThat(appender.list)
        .extracting(ResultUploadsTest::text)
        .anyMatch(line -> line.contains("rejected result 1 of task t"))
        .anyMatch(line -> line.contains("because its lease is lost"))
        .anyMatch(line -> line.contains("were not reported"))
        .noneMatch(line -> line.contains("run-of-t") || line.contains("claim-of-t"));
  }

  private static String text(ILoggingEvent event) {
    IThrowableProxy error = event.getThrowableProxy();
    return event.getFormattedMessage() + (error == null ? "" : ThrowableProxyUtil.asString(error));
  }
}
