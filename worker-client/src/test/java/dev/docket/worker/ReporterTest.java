package dev.docket.worker;

import static dev.docket.worker.FakeDocket.refused;
import static dev.docket.worker.FakeDocket.status;
import static dev.docket.worker.FakeDocket.taken;
import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
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

class ReporterTest {

  private final FakeDocket docket = new FakeDocket();
  private final ServerClient client =
      new ServerClient(docket.address(), new Secret("key-1"), "tester");
  private final Reporter reporter = new Reporter(client, Samples.quick(), "tester");
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

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
        items(task).end(Outcome.success(message)), () -> true, answer -> hear(task, answer));
  }

  private void hear(String task, ReportAnswer answer) {
    heard.add(task + " " + (answer == null ? "unsent" : answer.status()));
  }

  private static RunItems items(String task) {
    return new RunItems("tester", Samples.run(task), "claim");
  }

  private void awaitHeard(String... all) {
    await().untilAsserted(() -> assertThat(heard).containsExactly(all));
  }

  @Test
  void whatWasSaidWhileACallIsInFlightGoesIntoTheNextInOrder() {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    docket.next(
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

    awaitHeard("t0 200", "t1 200", "t2 200", "t3 200", "t4 200", "t5 200");
    assertThat(docket.calls()).hasSize(2);
    assertThat(docket.ends())
        .containsExactly("t0 200", "t1 200", "t2 200", "t3 200", "t4 200", "t5 200");
  }

  @Test
  void theTokenIsShown() {
    reporter.start();
    send("t1");
    awaitHeard("t1 200");
    assertThat(docket.authorizations()).containsExactly("Bearer key-1");
  }

  @Test
  void aReportHasAtMostAThousandItemsAndFourMebibytes() {
    IntStream.range(0, 2_100).forEach(i -> send("t" + i));
    String mebibyte = "x".repeat(1024 * 1024 * 3 / 2);
    for (String task : List.of("big1", "big2", "big3")) {
      reporter.send(
          new ReportItem.Log("tester", task, 1, "r", "INFO", mebibyte),
          () -> true,
          answer -> hear(task, answer));
    }
    reporter.start();
    await().until(() -> heard.size() == 2_103);
    assertThat(docket.calls().stream().map(List::size)).containsExactly(1000, 1000, 102, 1);
  }

  @Test
  void aCallWithoutAnswerIsRepeatedUntilThereIsOne() {
    docket.next(docket.dropAnswer(), status(500), status(502), docket.dropAnswer());
    reporter.start();
    send("t1");
    awaitHeard("t1 200");
    assertThat(docket.ends()).containsExactly("t1 200", "t1 200", "t1 200");
  }

  @Test
  void anAnswerThatDoesNotFitIsNoAnswer() {
    docket.next(
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
    awaitHeard("t1 200");
  }

  @Test
  void aServerThatIsDownIsFoundWhenItIsBack() {
    docket.stop();
    reporter.start();
    send("t1");
    send("t2");
    docket.startAgain();
    awaitHeard("t1 200", "t2 200");
  }

  @Test
  void onlyTheUndecidedItemIsRepeated() {
    AtomicInteger tries = new AtomicInteger();
    docket.on(
        ReportItem.Complete.class,
        end -> end.task().equals("t1") && tries.incrementAndGet() < 4 ? refused(503) : taken());
    send("t1");
    send("t2");
    reporter.start();
    awaitHeard("t2 200", "t1 200");
    assertThat(docket.ends()).containsExactly("t1 200", "t2 200", "t1 200", "t1 200", "t1 200");
  }

  @Test
  void aRefusalIsTold() {
    docket.on(ReportItem.Complete.class, end -> refused(409));
    reporter.start();
    send("t1");
    awaitHeard("t1 409");
    assertThat(docket.calls()).hasSize(1);
  }

  @Test
  void oneBadItemHarmsNoOther() {
    FakeDocket.Fault badItem =
        (exchange, body) -> {
          if (!new String(body, StandardCharsets.UTF_8).contains("t37")) {
            return false;
          }
          return status(400).happens(exchange, body);
        };
    docket.next(Collections.nCopies(500, badItem).toArray(FakeDocket.Fault[]::new));
    IntStream.range(0, 100).forEach(i -> send("t" + i));
    reporter.start();
    await().until(() -> heard.size() == 100);
    assertThat(heard).contains("t37 400").filteredOn(line -> line.endsWith(" 200")).hasSize(99);
    assertThat(docket.ends()).doesNotHaveDuplicates().hasSize(99);
  }

  @Test
  void aReportThatIsTooLargeIsSentInParts() {
    FakeDocket.Fault tooLarge =
        (exchange, body) -> body.length > 2_000 && status(413).happens(exchange, body);
    docket.next(Collections.nCopies(100, tooLarge).toArray(FakeDocket.Fault[]::new));
    IntStream.range(0, 40).forEach(i -> send("t" + i));
    send("large", "x".repeat(3_000));
    reporter.start();
    await().until(() -> heard.size() == 41);
    assertThat(heard).contains("large 413").filteredOn(line -> line.endsWith(" 200")).hasSize(40);
    assertThat(docket.calls()).hasSizeGreaterThan(1);
  }

  @Test
  void theServersWishToBeLeftAloneIsRespected() {
    docket.next(status(429, "Retry-After", "1"), status(503, "Retry-After", "1"));
    reporter.start();
    long before = System.nanoTime();
    send("t1");
    awaitHeard("t1 200");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void aWrongTokenIsTriedAgainUntilItIsRight() {
    docket.next(status(401), status(403), status(404));
    reporter.start();
    send("t1");
    awaitHeard("t1 200");
  }

  @Test
  void whatIsSentOnceIsNotRepeated() {
    docket.next(docket.dropAnswer());
    reporter.sendOnce(items("t1").heartbeat(), answer -> hear("beat", answer));
    reporter.start();
    awaitHeard("beat unsent");
    docket.on(ReportItem.Heartbeat.class, beat -> refused(503));
    reporter.sendOnce(items("t1").heartbeat(), answer -> hear("beat", answer));
    awaitHeard("beat unsent", "beat 503");
    assertThat(docket.heard(ReportItem.Heartbeat.class)).hasSize(2);
  }

  @Test
  void whatIsSentOnceIsDroppedWhenTooMuchWaits() {
    IntStream.range(0, 5_001)
        .forEach(i -> reporter.sendOnce(items("t").log("line"), answer -> hear("log", answer)));
    assertThat(heard).containsExactly("log unsent");
  }

  @Test
  void whatIsNotWantedAnyMoreIsNotRepeated() {
    AtomicBoolean wanted = new AtomicBoolean(true);
    docket.on(
        ReportItem.Claim.class,
        claim -> {
          wanted.set(false);
          return refused(503);
        });
    reporter.send(items("t1").claim(), wanted::get, answer -> hear("claim", answer));
    reporter.start();
    awaitHeard("claim unsent");
    assertThat(docket.heard(ReportItem.Claim.class)).hasSize(1);
  }

  @Test
  void whatCannotBeWrittenIsRefusedHere() {
    reporter.start();
    reporter.send(
        items("t1").end(Outcome.success("deep").result(Samples.deep(1_100))),
        () -> true,
        answer -> hear("t1", answer));
    assertThat(heard).containsExactly("t1 400");
  }

  @Test
  void aListenerThatThrowsHarmsNoOther() {
    reporter.send(
        items("t1").heartbeat(),
        () -> true,
        answer -> {
          throw new IllegalStateException("a bug");
        });
    send("t2");
    reporter.start();
    awaitHeard("t2 200");
    send("t3");
    awaitHeard("t2 200", "t3 200");
    assertThat(docket.heard(ReportItem.Heartbeat.class)).hasSize(1);
  }

  @Test
  void closingTellsWhatWasNotSent() throws InterruptedException {
    docket.stop();
    reporter.start();
    send("t1");
    assertThat(reporter.flush(Duration.ofMillis(50))).isFalse();
    reporter.close();
    awaitHeard("t1 unsent");
    send("t2");
    awaitHeard("t1 unsent", "t2 unsent");
  }

  @Test
  void flushWaitsForWhatIsRepeated() throws InterruptedException {
    AtomicInteger tries = new AtomicInteger();
    docket.on(
        ReportItem.Complete.class, end -> tries.incrementAndGet() < 3 ? refused(503) : taken());
    reporter.start();
    send("t1");
    assertThat(reporter.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(heard).containsExactly("t1 200");
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
