package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.joblog.LogId;
import dev.docket.joblog.LogSamples;
import dev.docket.joblog.MemoryLogStore;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class LogSweepTest {

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("film");
  private final MemoryLogStore logs = new MemoryLogStore();
  private final InstantSource time = () -> server.shared.now;

  private LogSweep sweep(Duration retention) {
    return new LogSweep(logs, server.shared.tasks, retention, new ServerClock());
  }

  private final class ServerClock extends Clock {
    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return time.instant();
    }
  }

  private void append(LogId log, int number) {
    logs.create(LogSamples.chunk(log, number, server.shared.now));
  }

  private void runAfter(Duration age, LogSweep sweep) {
    server.advanceClock(age);
    sweep.run();
  }

  @Test
  void deletesLogsOfTasksThatDoNotExistAndKeepsOthers() {
    Task task = server.create(document, "ASR");
    append(LogId.of(task), 0);
    append(LogSamples.log("gone", 1), 0);
    append(LogSamples.log("gone", 1), 1);

    runAfter(SweepPass.MIN_AGE, sweep(null));
    assertThat(logs.all()).as("recent ones are kept").hasSize(3);
    runAfter(Duration.ofSeconds(1), sweep(null));

    assertThat(logs.all()).singleElement().extracting("log").isEqualTo(LogId.of(task));
  }

  @Test
  void deletesLogsOfDeletedTaskWithTheSameId() {
    append(new LogId(server.create(document, "ASR").id(), LogSamples.log("x", 1).run()), 0);
    Task kept = server.create(document, "OCR");
    server.advanceClock(Duration.ofSeconds(1));
    append(LogId.of(kept), 0);
    LogSweep sweep = sweep(null);
    runAfter(Duration.ofDays(2), sweep);
    assertThat(logs.all()).hasSize(2);

    logs.create(
        LogSamples.chunk(LogSamples.log(kept.id().value(), 1), 0, kept.createdAt().minusMillis(1)));
    runAfter(Duration.ofDays(2), sweep);
    assertThat(logs.all()).hasSize(2);
  }

  @Test
  void deletesLogsOfEndedRunsWhoseRetentionIsOver() {
    Task task = server.create(document, "ASR");
    append(LogId.of(task), 0);
    server.execute(task.id(), new Command.ForceRetry("ann"));
    Task second = server.task(task.id());
    append(LogId.of(second), 0);
    LogSweep sweep = sweep(Duration.ofDays(10));

    runAfter(Duration.ofDays(9), sweep);
    assertThat(logs.all()).hasSize(2);
    runAfter(Duration.ofDays(2), sweep);
    assertThat(logs.all())
        .as("the current run may last")
        .singleElement()
        .extracting("log")
        .isEqualTo(LogId.of(second));

    server.execute(task.id(), new Command.Cancel("ann"));
    runAfter(Duration.ofDays(2), sweep);
    assertThat(logs.all()).isEmpty();
  }
}
