package dev.docket.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChildProcessTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir private Path dir;

  @Test
  void stopEndsTheWholeGroup() {
    ChildProcess child = start("sleep 1000 & sleep 1000 & echo up; wait");
    child.awaitReady(TIMEOUT, saysUp(child));
    List<ProcessHandle> processes = child.processes();
    assertThat(processes).hasSizeGreaterThanOrEqualTo(5);

    child.stop();

    awaitGone(processes);
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void killEndsTheWholeGroupThoughItIgnoresTerm() {
    ChildProcess child = start("trap '' TERM; sleep 1000 & echo up; wait");
    child.awaitReady(TIMEOUT, saysUp(child));
    List<ProcessHandle> processes = child.processes();

    child.kill();

    awaitGone(processes);
  }

  @Test
  void whatACrashedServerLeavesIsEnded() {
    ChildProcess child = start("sleep 1000 & echo up $$ >ids; cat ids; wait");
    child.awaitReady(TIMEOUT, saysUp(child));
    List<ProcessHandle> processes = child.processes();
    long server = Long.parseLong(child.log().text().substring("up ".length()));

    ProcessHandle.of(server).orElseThrow().destroyForcibly();

    awaitGone(processes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP", "INT", "KILL"})
  void aSignalToTheProcessGroupOfTheParentLeavesNoOrphan(String signal) throws Exception {
    try (OtherJvm jvm = OtherJvm.start("sleep", dir)) {
      List<ProcessHandle> processes = jvm.processes();
      assertThat(processes).hasSizeGreaterThanOrEqualTo(3).allMatch(ProcessHandle::isAlive);

      jvm.signalGroup(signal);

      awaitGone(processes);
    }
  }

  @Test
  void stoppingTwiceDoesNothing() {
    ChildProcess child = start("echo up; sleep 1000");
    child.awaitReady(TIMEOUT, saysUp(child));

    child.stop();
    child.stop();
    child.kill();

    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void aFailedStartQuotesTheLogAndNamesTheStatus() {
    ChildProcess child = start("echo 'no room in the inn'; exit 7");

    assertThatThrownBy(() -> child.awaitReady(TIMEOUT, () -> false))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContainingAll("Server", "status 7", "no room in the inn", "console.log");
  }

  @Test
  void onlyTheLogOfThisStartIsQuoted() {
    ChildProcess first = start("echo old; exit 1");
    assertThatThrownBy(() -> first.awaitReady(TIMEOUT, () -> false))
        .isInstanceOf(BackendStartException.class);

    ChildProcess second = start("echo new; exit 1");

    assertThatThrownBy(() -> second.awaitReady(TIMEOUT, () -> false))
        .hasMessageContaining("| new")
        .hasMessageNotContaining("| old");
  }

  @Test
  void aStartThatTakesTooLongIsEndedAndQuoted() {
    ChildProcess child = start("echo thinking; sleep 1000");
    List<ProcessHandle> processes = child.processes();

    assertThatThrownBy(() -> child.awaitReady(Duration.ofSeconds(1), () -> false))
        .isInstanceOf(BackendStartException.class)
        .hasMessageContainingAll("not ready within 1 s", "thinking");
    awaitGone(processes);
  }

  @Test
  void anInterruptedStartIsEnded() {
    ChildProcess child = start("sleep 1000");
    List<ProcessHandle> processes = child.processes();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> child.awaitReady(TIMEOUT, () -> false))
        .isInstanceOf(BackendStartException.class);

    assertThat(Thread.interrupted()).isTrue();
    awaitGone(processes);
  }

  private ChildProcess start(String script) {
    return ChildProcess.start(
        "Server",
        List.of("bash", "-c", script),
        Map.of("ES_JAVA_OPTS", "-Xmx1g"),
        dir,
        dir.resolve("console.log"));
  }

  private static BooleanSupplier saysUp(ChildProcess child) {
    return () -> child.log().text().contains("up");
  }

  static void awaitGone(List<ProcessHandle> processes) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
  }
}
