package dev.docket.worker;

import static dev.docket.worker.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With leases of 60 seconds, and a clock that the tests move. */
class RunHeartbeatTest {

  private final FakeDocket docket = new FakeDocket();
  private final ServerClient client = new ServerClient(docket.address(), null, "tester");
  private final Reporter reporter = new Reporter(client, Samples.quick(), "tester");
  private final List<ReportAnswer> answers = Collections.synchronizedList(new ArrayList<>());
  private final RunItems items = new RunItems("tester", Samples.run("t1"), "claim");
  private final RunHeartbeat heartbeat =
      new RunHeartbeat(
          items,
          Lease.of(items.run(), "claim", FakeDocket.LEASE_SECONDS),
          reporter,
          WorkerTimeouts.standard(),
          answers::add);
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

  /** Says what is due at a time, and waits until as many words as ever were answered. */
  private void tickAt(Duration time, int answeredByThen) {
    heartbeat.tick(start + time.toNanos());
    await().until(() -> answers.size() == answeredByThen);
  }

  private List<String> words() {
    return docket.calls().stream()
        .flatMap(List::stream)
        .map(item -> item.getClass().getSimpleName())
        .toList();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  @Test
  void itBeatsEachThirdOfTheLeaseFromTheClaim() {
    tickAt(seconds(19), 0);
    tickAt(seconds(21), 1);
    tickAt(seconds(40), 1);
    tickAt(seconds(42), 2);
    assertThat(words()).containsExactly("Heartbeat", "Heartbeat");
  }

  @Test
  void aRunThatEndsSoonSaysNothing() {
    heartbeat.began();
    heartbeat.progress(40, null, "half");
    tickAt(seconds(0.2), 0);
    heartbeat.ended();
    tickAt(seconds(5), 1);
    assertThat(words()).containsExactly("Heartbeat");
  }

  @Test
  void itSaysOnceThatItHasBegun() {
    heartbeat.began();
    tickAt(seconds(0.9), 1);
    tickAt(seconds(21), 2);
    assertThat(words()).containsExactly("Started", "Heartbeat");
  }

  @Test
  void itSaysThatItHasBegunUntilThatIsTaken() {
    docket.on(ReportItem.Started.class, started -> FakeDocket.refused(503));
    heartbeat.began();
    heartbeat.tick(start + seconds(0.5).toNanos());
    await().untilAsserted(() -> assertThat(words()).containsExactly("Started"));
    docket.on(ReportItem.Started.class, started -> FakeDocket.taken());
    await()
        .until(
            () -> {
              heartbeat.tick(start + seconds(3).toNanos());
              return answers.size() == 1;
            });
    tickAt(seconds(24), 2);
    assertThat(words()).containsExactly("Started", "Started", "Heartbeat");
  }

  @Test
  void progressIsSentAtMostOnceASecondAndTheLatestWins() {
    heartbeat.began();
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
    assertThat(words()).containsExactly("Started", "Progress", "Progress", "Heartbeat");
    assertThat(docket.heard(ReportItem.Progress.class))
        .extracting(ReportItem.Progress::progress, ReportItem.Progress::stage)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(50, null),
            org.assertj.core.groups.Tuple.tuple(51, "storing"));
    assertThat(docket.heard(ReportItem.Progress.class))
        .extracting(ReportItem.Progress::message)
        .containsOnly("page 50");
  }

  @Test
  void progressThatWasNotDecidedIsSaidAgain() {
    docket.on(ReportItem.Progress.class, progress -> FakeDocket.refused(503));
    heartbeat.began();
    heartbeat.progress(10, null, null);
    tickAt(seconds(0.9), 1);
    await().untilAsserted(() -> assertThat(words()).containsExactly("Started", "Progress"));
    docket.on(ReportItem.Progress.class, progress -> FakeDocket.taken());
    await()
        .until(
            () -> {
              heartbeat.tick(start + seconds(3).toNanos());
              return answers.size() == 2;
            });
    assertThat(words()).containsExactly("Started", "Progress", "Progress");
  }

  @Test
  void oneWordAtATime() {
    docket.stop();
    for (int i = 1; i < 50; i++) {
      heartbeat.tick(start + seconds(30 * i).toNanos());
    }
    docket.startAgain();
    await()
        .until(
            () -> {
              heartbeat.tick(start + Duration.ofHours(1).toNanos());
              return !answers.isEmpty();
            });
    assertThat(words()).containsExactly("Heartbeat");
  }
}
