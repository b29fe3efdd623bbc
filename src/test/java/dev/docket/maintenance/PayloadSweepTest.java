package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.Document;
import dev.docket.result.PayloadPart;
import dev.docket.result.Result;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PayloadSweepTest {

  static final Policy LATE =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          null,
          Duration.ofDays(7),
          10);

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final Document document = server.document("film");
  private final PayloadSweep sweep =
      new PayloadSweep(server.shared.payloads, server.shared.tasks, new ServerClock());

  private final class ServerClock extends Clock {
    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return server.shared.now;
    }
  }

  private Task claimed(String key) {
    Task task = server.create(document, key);
    server.execute(
        task.id(),
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    return server.task(task.id());
  }

  /** Stores a part of a payload of the task's current run, as an upload under the claim does. */
  private PayloadPart upload(Task task, int ordinal, int number) {
    PayloadPart.Owner owner =
        new PayloadPart.Owner(task.id(), task.run().attempt(), task.run().token(), "c");
    PayloadPart part =
        new PayloadPart(
            ResultId.submitted(task.id(), task.run().token(), "c", ordinal),
            number,
            owner,
            new byte[] {'1'},
            1L,
            server.shared.now);
    server.shared.payloads.put(part);
    return part;
  }

  private void complete(Task task, int results) {
    List<ResultDraft> drafts = Collections.nCopies(results, ResultDraft.stored(1, Map.of()));
    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(task.run().ref(), "c", "w"), RunEnd.of("done"), drafts, null));
  }

  private void runLater() {
    server.advanceClock(SweepPass.MIN_AGE.plusSeconds(1));
    sweep.run();
  }

  @Test
  void keepsPayloadsOfSuccessfulRunsAndDeletesThoseThatTheEndDidNotName() {
    Task task = claimed("ASR");
    PayloadPart first = upload(task, 0, 0);
    PayloadPart second = upload(task, 0, 1);
    upload(task, 1, 0);
    complete(task, 1);

    runLater();

    assertThat(server.shared.payloads.all()).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void keepsPayloadsOfUnfinishedRunOfAnyAge() {
    Task task = claimed("ASR");
    PayloadPart part = upload(task, 0, 0);
    server.advanceClock(Duration.ofDays(30));

    sweep.run();

    assertThat(server.shared.payloads.all()).containsExactly(part);
    server.execute(task.id(), new Command.Cancel("ann"));
    server.execute(
        task.id(),
        new Command.Fail(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            TaskState.ERROR,
            RunEnd.of("no"),
            List.of(),
            false));
    assertThat(server.task(task.id()).state().isFinished()).isTrue();
    runLater();
    assertThat(server.shared.payloads.all()).isEmpty();
  }

  @Test
  void keepsRecentPayloadsEvenOfTasksThatDoNotExist() {
    PayloadPart.Owner owner = new PayloadPart.Owner(new TaskId("gone"), 1, "run", "c");
    ResultId result = new ResultId("result");
    PayloadPart part = new PayloadPart(result, 0, owner, new byte[] {'1'}, 1L, server.shared.now);
    server.shared.payloads.put(part);
    server.advanceClock(SweepPass.MIN_AGE);

    sweep.run();
    assertThat(server.shared.payloads.all()).containsExactly(part);

    runLater();
    assertThat(server.shared.payloads.all()).isEmpty();
  }

  @Test
  void deletesPayloadsOfEarlierAttemptAndOfOtherSubmissions() {
    Task task = claimed("ASR");
    upload(task, 0, 0);
    complete(task, 0);
    server.execute(task.id(), new Command.ForceRetry("ann"));
    Task rerun = server.task(task.id());
    assertThat(rerun.run().token()).isNotEqualTo(task.run().token());

    runLater();

    assertThat(server.shared.payloads.all()).isEmpty();
  }

  @Test
  void keepsSavedResultsOfCurrentRunAndOfListedRun() {
    server.shared.policies.put(new TaskKey("VIS"), LATE);
    Task task = server.create(document, "VIS");
    ResultId saved = ResultId.saved(task, new byte[] {'1'});
    PayloadPart part =
        new PayloadPart(
            saved,
            0,
            new PayloadPart.Owner(task.id(), 1, task.run().token(), null),
            new byte[] {'1'},
            1L,
            server.shared.now);
    server.shared.payloads.put(part);
    server.execute(task.id(), new Command.SaveResult(new RunRef(1, task.run().token()), saved));
    server.shared.results.create(
        Result.of(
            task,
            ResultRun.saved(1, task.run().token(), List.of(saved)),
            saved,
            ResultDraft.stored(1, Map.of()),
            server.shared.now),
        null);
    runLater();
    assertThat(server.shared.payloads.all()).containsExactly(part);

    server.execute(
        task.id(),
        new Command.Complete(
            new Reporter(new RunRef(1, task.run().token()), null, "w"),
            RunEnd.of("done"),
            List.of(),
            null));
    assertThat(server.task(task.id()).latestResults().ids()).containsExactly(saved);

    runLater();

    assertThat(server.shared.payloads.all()).containsExactly(part);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PayloadSweep.PAGE_SIZE})
  void runIsBoundedAndNextRunContinuesWhereItStopped(int more) {
    int maxParts = PayloadSweep.PAGE_SIZE * SweepPass.MAX_PAGES;
    Task kept = claimed("ASR");
    for (int i = 0; i < maxParts; i++) {
      upload(kept, 0, i);
    }
    server.advanceClock(Duration.ofSeconds(1));
    Task ended = claimed("OCR");
    for (int i = 0; i < more; i++) {
      upload(ended, 0, i);
    }
    complete(ended, 0);
    server.advanceClock(Duration.ofDays(2));

    sweep.run();
    assertThat(server.shared.payloads.all()).hasSize(maxParts + more);
    sweep.run();

    assertThat(server.shared.payloads.all()).hasSize(maxParts);
  }

  @Test
  void startsAgainOnlyAfterOneDay() {
    Task task = claimed("ASR");
    upload(task, 0, 0);
    server.advanceClock(Duration.ofDays(2));
    sweep.run();
    complete(task, 0);

    server.advanceClock(SweepPass.INTERVAL.minusSeconds(1));
    sweep.run();
    assertThat(server.shared.payloads.all()).hasSize(1);

    server.advanceClock(Duration.ofSeconds(1));
    sweep.run();
    assertThat(server.shared.payloads.all()).isEmpty();
  }
}
