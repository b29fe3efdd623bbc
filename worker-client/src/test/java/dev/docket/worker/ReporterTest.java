package dev.docket.worker;

import static dev.docket.worker.FakeDocket.accepted;
import static dev.docket.worker.FakeDocket.rejected;
import static dev.docket.worker.FakeDocket.status;
import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReporterTest {

  private final FakeDocket docket = new FakeDocket();
  private final ServerClient client =
      new ServerClient(docket.address(), new Secret("key-1"), "tester");
  private final Reporter reporter = new Reporter(client, Samples.shortTimeouts(), "tester");
  private final List<String> responses = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    reporter.close();
    client.close();
    docket.close();
  }

  private void send(String task) {
    send(task, "done");
  }

  private void send(String task, String message) {
    reporter.send(
        items(task).end(Outcome.success(message), null),
        () -> true,
        response -> recordResponse(task, response));
  }

  private void recordResponse(String task, ReportResponse response) {
    responses.add(task + " " + (response == null ? "unsent" : response.status()));
  }

  private static RunItems items(String task) {
    return new RunItems("tester", Samples.run(task), "claim");
  }

  private void awaitResponses(String... expected) {
    await().untilAsserted(() -> assertThat(responses).containsExactly(expected));
  }

  @Test
  void collectsItemsDuringCallForNextCall() {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    docket.failNext(
        (exchange, body) -> {
          arrived.countDown();
          awaitLatch(go);
          return false;
        });
    reporter.start();
    send("t0");
    awaitLatch(arrived);
    IntStream.rangeClosed(1, 5).forEach(i -> send("t" + i));
    go.countDown();

    awaitResponses("t0 200", "t1 200", "t2 200", "t3 200", "t4 200", "t5 200");
    assertThat(docket.calls()).hasSize(2);
    assertThat(docket.ends())
        .containsExactly("t0 200", "t1 200", "t2 200", "t3 200", "t4 200", "t5 200");
  }

  @Test
  void sendsToken() {
    reporter.start();
    send("t1");
    awaitResponses("t1 200");
    assertThat(docket.authorizations()).containsExactly("Bearer key-1");
  }

  @Test
  void limitsReportTo1000ItemsAnd4Mebibytes() {
    IntStream.range(0, 2_100).forEach(i -> send("t" + i));
    String mebibyte = "x".repeat(1024 * 1024 * 3 / 2);
    for (String task : List.of("big1", "big2", "big3")) {
      reporter.send(
          new ReportItem.Log("tester", task, 1, "r", null, null, null, "INFO", mebibyte),
          () -> true,
          response -> recordResponse(task, response));
    }
    reporter.start();
    await().until(() -> responses.size() == 2_103);
    assertThat(docket.calls().stream().map(List::size)).containsExactly(1000, 1000, 102, 1);
  }

  @Test
  void repeatsCallUntilThereIsAResponse() {
    docket.failNext(docket.dropResponse(), status(500), status(502), docket.dropResponse());
    reporter.start();
    send("t1");
    awaitResponses("t1 200");
    assertThat(docket.ends()).containsExactly("t1 200", "t1 200", "t1 200");
  }

  @Test
  void repeatsCallAfterInvalidResponse() {
    docket.failNext(
        (exchange, body) -> {
          byte[] nonsense = "[]".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, nonsense.length);
          exchange.getResponseBody().write(nonsense);
          return true;
        },
        (exchange, body) -> {
          byte[] nonsense = "<html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, nonsense.length);
          exchange.getResponseBody().write(nonsense);
          return true;
        });
    reporter.start();
    send("t1");
    awaitResponses("t1 200");
  }

  @Test
  void retriesUntilServerIsUp() {
    docket.stop();
    reporter.start();
    send("t1");
    send("t2");
    docket.restart();
    awaitResponses("t1 200", "t2 200");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void repeatsOnlyUndecidedItem(int undecided) {
    AtomicInteger tries = new AtomicInteger();
    docket.respondTo(
        ReportItem.Complete.class,
        end ->
            end.task().equals("t1") && tries.incrementAndGet() < 4
                ? rejected(undecided)
                : accepted());
    send("t1");
    send("t2");
    reporter.start();
    awaitResponses("t2 200", "t1 200");
    assertThat(docket.ends()).containsExactly("t1 200", "t2 200", "t1 200", "t1 200", "t1 200");
  }

  @Test
  void passesRejectionToListener() {
    docket.respondTo(ReportItem.Complete.class, end -> rejected(409));
    reporter.start();
    send("t1");
    awaitResponses("t1 409");
    assertThat(docket.calls()).hasSize(1);
  }

  @Test
  void isolatesInvalidItem() {
    FakeDocket.Fault badItem =
        (exchange, body) -> {
          if (!new String(body, StandardCharsets.UTF_8).contains("t37")) {
            return false;
          }
          return status(400).handle(exchange, body);
        };
    docket.failNext(Collections.nCopies(500, badItem).toArray(FakeDocket.Fault[]::new));
    IntStream.range(0, 100).forEach(i -> send("t" + i));
    reporter.start();
    await().until(() -> responses.size() == 100);
    assertThat(responses).contains("t37 400").filteredOn(line -> line.endsWith(" 200")).hasSize(99);
    assertThat(docket.ends()).doesNotHaveDuplicates().hasSize(99);
  }

  @Test
  void splitsReportThatIsTooLarge() {
    FakeDocket.Fault tooLarge =
        (exchange, body) -> body.length > 2_000 && status(413).handle(exchange, body);
    docket.failNext(Collections.nCopies(100, tooLarge).toArray(FakeDocket.Fault[]::new));
    IntStream.range(0, 40).forEach(i -> send("t" + i));
    send("large", "x".repeat(3_000));
    reporter.start();
    await().until(() -> responses.size() == 41);
    assertThat(responses)
        .contains("large 413")
        .filteredOn(line -> line.endsWith(" 200"))
        .hasSize(40);
    assertThat(docket.calls()).hasSizeGreaterThan(1);
  }

  @Test
  void respectsRetryAfter() {
    docket.failNext(status(429, "Retry-After", "1"), status(503, "Retry-After", "1"));
    reporter.start();
    long before = System.nanoTime();
    send("t1");
    awaitResponses("t1 200");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void retriesAfterConfigurationErrors() {
    docket.failNext(status(401), status(403), status(404));
    reporter.start();
    send("t1");
    awaitResponses("t1 200");
  }

  @Test
  void doesNotRepeatItemSentOnce() {
    docket.failNext(docket.dropResponse());
    reporter.sendOnce(items("t1").heartbeat(), response -> recordResponse("beat", response));
    reporter.start();
    awaitResponses("beat unsent");
    docket.respondTo(ReportItem.Heartbeat.class, beat -> rejected(503));
    reporter.sendOnce(items("t1").heartbeat(), response -> recordResponse("beat", response));
    awaitResponses("beat unsent", "beat 503");
    assertThat(docket.received(ReportItem.Heartbeat.class)).hasSize(2);
  }

  @Test
  void dropsItemSentOnceWhenQueueIsFull() {
    IntStream.range(0, 5_001)
        .forEach(
            i ->
                reporter.sendOnce(
                    items("t").log(0, List.of()), response -> recordResponse("log", response)));
    assertThat(responses).containsExactly("log unsent");
  }

  @Test
  void doesNotRepeatItemThatIsNoLongerNeeded() {
    AtomicBoolean needed = new AtomicBoolean(true);
    docket.respondTo(
        ReportItem.Claim.class,
        claim -> {
          needed.set(false);
          return rejected(503);
        });
    reporter.send(
        items("t1").claim(null), needed::get, response -> recordResponse("claim", response));
    reporter.start();
    awaitResponses("claim unsent");
    assertThat(docket.received(ReportItem.Claim.class)).hasSize(1);
  }

  @Test
  void rejectsUnwritableItemLocally() {
    reporter.start();
    reporter.send(
        items("t1").end(Outcome.success("deep").result(Samples.deep(1_100)), null),
        () -> true,
        response -> recordResponse("t1", response));
    assertThat(responses).containsExactly("t1 400");
  }

  @Test
  void listenerExceptionDoesNotAffectOtherItems() {
    reporter.send(
        items("t1").heartbeat(),
        () -> true,
        response -> {
          throw new IllegalStateException("a bug");
        });
    send("t2");
    reporter.start();
    awaitResponses("t2 200");
    send("t3");
    awaitResponses("t2 200", "t3 200");
    assertThat(docket.received(ReportItem.Heartbeat.class)).hasSize(1);
  }

  @Test
  void closeCompletesUnsentItemsWithoutResponse() throws InterruptedException {
    docket.stop();
    reporter.start();
    send("t1");
    assertThat(reporter.flush(Duration.ofMillis(50))).isFalse();
    reporter.close();
    awaitResponses("t1 unsent");
    send("t2");
    awaitResponses("t1 unsent", "t2 unsent");
  }

  @Test
  void flushWaitsForRepeatedItems() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    docket.respondTo(
        ReportItem.Complete.class, end -> tries.incrementAndGet() < 3 ? rejected(503) : accepted());
    reporter.start();
    send("t1");
    assertThat(reporter.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(responses).containsExactly("t1 200");
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
