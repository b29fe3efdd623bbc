package dev.docket.worker;

import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leases last 60 seconds; the tests control the clock. */
class RunHeartbeatTest {

  private final FakeDocket docket = new FakeDocket();
  private final ServerClient client = new ServerClient(docket.address(), null, "tester");
  private final Reporter reporter = new Reporter(client, Samples.shortTimeouts(), "tester");
  private final List<ReportResponse> responses = Collections.synchronizedList(new ArrayList<>());
  private final RunItems items = new RunItems("tester", Samples.run("t1"), "claim");
  private final RunHeartbeat heartbeat =
      new RunHeartbeat(
          items,
          Lease.of(items.run(), "claim", FakeDocket.LEASE_SECONDS),
          reporter,
          WorkerTimeouts.defaults(),
          responses::add);
  private final long start = System.nanoTime();

  RunHeartbeatTest() {
    reporter.start();
  }

  @AfterEach
  void close() {
    reporter.close();
    client.close();
    docket.close();
  }

  /** Ticks at a time and waits for the total number of responses so far. */
  private void tickAt(Duration time, int expectedResponses) {
    heartbeat.tick(start + time.toNanos());
    await().until(() -> responses.size() == expectedResponses);
  }

  private List<String> reports() {
    return docket.calls().stream()
        .flatMap(List::stream)
        .map(item -> item.getClass().getSimpleName())
        .toList();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  @Test
  void sendsHeartbeatEachThirdOfLease() {
    tickAt(seconds(19), 0);
    tickAt(seconds(21), 1);
    tickAt(seconds(40), 1);
    tickAt(seconds(42), 2);
    assertThat(reports()).containsExactly("Heartbeat", "Heartbeat");
  }

  @Test
  void shortRunSendsNoProgress() {
    heartbeat.handlerStarted();
    heartbeat.progress(40, null, "half");
    tickAt(seconds(0.2), 0);
    heartbeat.handlerEnded();
    tickAt(seconds(5), 1);
    assertThat(reports()).containsExactly("Heartbeat");
  }

  @Test
  void reportsStartOnce() {
    heartbeat.handlerStarted();
    tickAt(seconds(0.9), 1);
    tickAt(seconds(21), 2);
    assertThat(reports()).containsExactly("Started", "Heartbeat");
  }

  @Test
  void repeatsStartUntilAccepted() {
    docket.respondTo(ReportItem.Started.class, started -> FakeDocket.rejected(503));
    heartbeat.handlerStarted();
    heartbeat.tick(start + seconds(0.5).toNanos());
    await().untilAsserted(() -> assertThat(reports()).containsExactly("Started"));
    docket.respondTo(ReportItem.Started.class, started -> FakeDocket.accepted());
    await()
        .until(
            () -> {
              heartbeat.tick(start + seconds(3).toNanos());
              return responses.size() == 1;
            });
    tickAt(seconds(24), 2);
    assertThat(reports()).containsExactly("Started", "Started", "Heartbeat");
  }

  @Test
  void sendsLatestProgressAtMostOncePerSecond() {
    heartbeat.handlerStarted();
    tickAt(seconds(0.9), 1);
    for (int i = 1; i <= 50; i++) {
      heartbeat.progress(i, null, "page " + i);
    }
    tickAt(seconds(1.6), 1);
    tickAt(seconds(2), 2);
    heartbeat.progress(51, "storing", null);
    tickAt(seconds(2.9), 2);
    tickAt(seconds(3.1), 3);
    tickAt(seconds(22.6), 3);
    tickAt(seconds(23.2), 4);
    assertThat(reports()).containsExactly("Started", "Progress", "Progress", "Heartbeat");
    assertThat(docket.received(ReportItem.Progress.class))
        .extracting(ReportItem.Progress::progress, ReportItem.Progress::stage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(50, null),
            org.assertj.core.groups.Tuple.tuple(51, "storing"));
    assertThat(docket.received(ReportItem.Progress.class))
        .extracting(ReportItem.Progress::message)
        .containsOnly("page 50");
  }

  @Test
  void repeatsUndecidedProgress() {
    docket.respondTo(ReportItem.Progress.class, progress -> FakeDocket.rejected(503));
    heartbeat.handlerStarted();
    heartbeat.progress(10, null, null);
    tickAt(seconds(0.9), 1);
    await().untilAsserted(() -> assertThat(reports()).containsExactly("Started", "Progress"));
    docket.respondTo(ReportItem.Progress.class, progress -> FakeDocket.accepted());
    await()
        .until(
            () -> {
              heartbeat.tick(start + seconds(3).toNanos());
              return responses.size() == 2;
            });
    assertThat(reports()).containsExactly("Started", "Progress", "Progress");
  }

  @Test
  void sendsOneReportAtATime() {
    docket.stop();
    for (int i = 1; i < 50; i++) {
      heartbeat.tick(start + seconds(30 * i).toNanos());
    }
    docket.restart();
    await()
        .until(
            () -> {
              heartbeat.tick(start + Duration.ofHours(1).toNanos());
              return !responses.isEmpty();
            });
    // 50 were due. A tick between a response and its recording may send the next one.
    assertThat(reports()).hasSizeBetween(1, 2).containsOnly("Heartbeat");
  }
}
