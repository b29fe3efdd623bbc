package dev.docket.joblog;

import static dev.docket.joblog.LogSamples.LIMITS;
import static dev.docket.joblog.LogSamples.lines;
import static dev.docket.joblog.LogSamples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.concurrent.Stages;
import dev.docket.http.PayloadTooLarge;
import dev.docket.simulation.InMemoryServer;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.Task;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import java.time.Clock;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class TaskLogsTest {

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final MemoryLogStore store = new MemoryLogStore();
  private final TaskLogs logs =
      new TaskLogs(
          store, server.tasks, LIMITS, Clock.fixed(LogSamples.NOW, ZoneOffset.UTC), Runnable::run);
  private final Task task = server.create(server.document("film"), "ASR");

  private Appended append(NewLines lines) {
    return Stages.join(logs.append(LogId.of(task), null, lines).appended());
  }

  @Test
  void protocolAppendsTextOfAnyLengthUpToTheLimitOfTheRun() {
    String trace = "Traceback (most recent call last):\n" + "  File \"asr.py\"\n".repeat(30);
    assertThat(Stages.join(logs.append(task, LogLevel.ERROR, trace)).dropped()).isZero();
    assertThat(store.all()).singleElement().satisfies(c -> assertThat(c.lines()).hasSize(31));
    assertThatThrownBy(() -> append(lines(trace))).isInstanceOf(PayloadTooLarge.class);
    assertThat(Stages.join(logs.append(task, LogLevel.ERROR, trace)).dropped()).isEqualTo(12);
    assertThat(logs.dropped()).isEqualTo(12);
  }

  @Test
  void doesNotChangeTheTask() {
    Task before = server.task(task.id());
    append(lines("1"));
    assertThat(server.task(task.id())).isEqualTo(before);
  }

  @Test
  void isNotTheFirstReportOfPolledRun() {
    Reporter worker = new Reporter(LogId.of(task).run(), "claim", "w");
    server.execute(task.id(), Command.Claim.forPoll(worker, null, null));
    Stages.join(logs.append(LogId.of(task), "claim", lines("1")).appended());

    assertThat(server.task(task.id()).run().lease().provisional()).isTrue();
    assertThat(text(store.all())).isEqualTo("[1]");
  }

  @Test
  void failureOfStoreIsReportedAndNothingIsLostByRepeating() {
    append(lines("1"));
    store.down(true);
    assertThatThrownBy(() -> append(lines("2"))).isInstanceOf(StoreUnavailable.class);
    store.down(false);
    append(lines("2"));
    assertThat(text(store.all())).isEqualTo("[1][2]");
  }

  @Test
  void deletesLogsOfAllRunsAndCanBeRepeated() {
    append(lines("1"));
    append(lines("2"));
    server.execute(task.id(), new Command.ForceRetry("ann"));
    Task second = server.task(task.id());
    Stages.join(logs.append(second, LogLevel.INFO, "3"));
    LogId other = LogSamples.log("other", 1);
    store.create(LogSamples.chunk(other, 0, LogSamples.NOW));

    Stages.join(logs.delete(second));
    Stages.join(logs.delete(second));

    assertThat(store.all()).singleElement().extracting("log").isEqualTo(other);
  }

  @Test
  void interruptedDeletionOfLongLogLeavesItsFirstChunks() {
    LogId log = LogId.of(task);
    for (int i = 0; i < 1_200; i++) {
      store.create(LogSamples.chunk(log, i, LogSamples.NOW));
    }
    store.failAfterRemovals(500);
    assertThatThrownBy(() -> Stages.join(logs.delete(task))).isInstanceOf(StoreUnavailable.class);
    assertThat(store.all()).extracting(LogChunk::number).hasSize(700).endsWith(699);

    store.failAfterRemovals(Integer.MAX_VALUE);
    Stages.join(logs.delete(task));
    assertThat(store.all()).isEmpty();
  }
}
