package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ends of runs: completed, failed, given back. */
class RunEndTransitionsTest {

  private static final Duration RUN_TIME = Duration.ofSeconds(9);

  @Test
  void completionEndsTask() {
    TaskScenario scenario = TaskScenario.running().advance(RUN_TIME);

    Task task = scenario.assertChanged(scenario.complete(2));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.message()).isEqualTo("well");
    assertThat(task.run().progress()).isEqualTo(100);
    assertThat(task.run().lease()).isNull();
    assertThat(task.run().finishedAt()).isEqualTo(scenario.now);
    assertThat(task.run().runMs()).isEqualTo(9000);
  }

  @Test
  void storesResultsThroughOutbox() {
    TaskScenario scenario = TaskScenario.running();
    ResultRun run = scenario.submitted(2);

    Task task = scenario.assertChanged(scenario.complete(2));

    assertThat(task.resultRuns()).containsExactly(run);
    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(run, TaskScenario.results(2), null));
  }

  @Test
  void completionWithoutResultsHasNoEffects() {
    TaskScenario scenario = TaskScenario.succeeded(0);

    assertThat(scenario.task.resultRuns()).isEmpty();
    assertThat(scenario.task.outbox()).isEmpty();
  }

  @Test
  void repeatedCompletionChangesNothing() {
    TaskScenario scenario = TaskScenario.running();
    Command complete = scenario.complete(2);
    scenario.assertChanged(complete);

    scenario.assertUnchanged(complete);
  }

  @Test
  void laterSuccessIsListedAfterEarlierOne() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun first = scenario.task.latestResults();
    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));
    scenario.assertChanged(new Command.Reset("ann"));
    assertThat(scenario.task.resultRuns()).containsExactly(first);
    scenario.assertChanged(scenario.claim("c1"));

    scenario.assertChanged(scenario.complete(1));

    ResultRun second = scenario.submitted(1);
    assertThat(scenario.task.resultRuns()).containsExactly(first, second);
    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(second, TaskScenario.results(1), first));
    assertThat(scenario.effects(Effect.DeleteResults.class)).isEmpty();
  }

  @Test
  void successWithoutResultsLeavesEarlierResults() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun first = scenario.task.latestResults();
    scenario.assertChanged(scenario.effectDone(Effect.StoreResults.class));
    scenario.assertChanged(new Command.Reset("ann"));

    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(0));

    assertThat(scenario.task.resultRuns()).containsExactly(first);
    assertThat(scenario.task.outbox()).isEmpty();
  }

  @Test
  void pendingResultsKeepTheirRun() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun first = scenario.task.latestResults();
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));

    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(
            new Effect.StoreResults(first, TaskScenario.results(2), null),
            new Effect.StoreResults(scenario.task.latestResults(), TaskScenario.results(1), first));
  }

  @Test
  void marksResultsStoredAfterLaterSuccessAsEarlier() {
    TaskScenario scenario = TaskScenario.succeeded(2);
    ResultRun first = scenario.task.latestResults();
    String storeFirst = scenario.pendingEffect(Effect.StoreResults.class).id();
    scenario.assertChanged(new Command.Reset("ann"));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.complete(1));
    scenario.assertChanged(
        new Command.EffectsDone(
            Set.of(scenario.pendingEffects(Effect.StoreResults.class).get(1).id())));

    scenario.assertChanged(new Command.EffectsDone(Set.of(storeFirst)));

    assertThat(scenario.effects(Effect.StoreResults.class))
        .containsExactly(new Effect.StoreResults(scenario.submitted(1), List.of(), first));
  }

  @ParameterizedTest
  @EnumSource(names = {"BAD_REQUEST", "ACCESS_DENIED", "NOT_FOUND", "ERROR"})
  void permanentFailureEndsTask(TaskState state) {
    TaskScenario scenario = TaskScenario.running().advance(RUN_TIME);

    Task task = scenario.assertChanged(scenario.fail(state));

    assertThat(task.state()).isEqualTo(state);
    assertThat(task.message()).isEqualTo("why");
    assertThat(task.run().attempt()).isEqualTo(1);
    assertThat(task.run().lease()).isNull();
    assertThat(task.run().finishedAt()).isEqualTo(scenario.now);
    assertThat(task.run().runMs()).isEqualTo(9000);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_INVALID_INPUT", "ERROR_PROXY"})
  void retriesTemporaryFailureAfterBackoff(TaskState state) {
    TaskScenario scenario = TaskScenario.running();
    String run = scenario.task.run().token();

    Task task = scenario.assertChanged(scenario.fail(state));

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().token()).isNotEqualTo(run);
    assertThat(task.run().failures()).isEqualTo(1);
    assertThat(task.run().dueAt()).isEqualTo(TaskScenario.START.plusSeconds(10));
    assertThat(task.message()).startsWith(state.number() + ": why (failure 1 of 3");
    assertThat(scenario.pendingEffect(Effect.Publish.class).due()).isEqualTo(task.run().dueAt());
  }

  @Test
  void backoffDoublesWithEachFailure() {
    TaskScenario scenario = TaskScenario.running().apply(s -> s.fail(TaskState.ERROR_PROXY));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.fail(TaskState.ERROR_PROXY));

    assertThat(scenario.task.run().dueAt()).isEqualTo(TaskScenario.START.plusSeconds(20));
  }

  @Test
  void lastAllowedFailureEndsTask() {
    TaskScenario scenario = TaskScenario.running().apply(s -> s.fail(TaskState.ERROR_PROXY));
    scenario.apply(s -> s.claim("c1")).apply(s -> s.fail(TaskState.ERROR_PROXY));

    Task task = scenario.apply(s -> s.claim("c1")).apply(s -> s.fail(TaskState.ERROR_PROXY)).task;

    assertThat(task.state()).isEqualTo(TaskState.ERROR_PROXY);
    assertThat(task.run().failures()).isEqualTo(3);
    assertThat(task.run().attempt()).isEqualTo(3);
    assertThat(task.outbox()).isEmpty();
  }

  @Test
  void repeatedFailureChangesNothing() {
    TaskScenario scenario = TaskScenario.running();
    Command fail = scenario.fail(TaskState.ERROR);
    scenario.assertChanged(fail);

    scenario.assertUnchanged(fail);
  }

  @Test
  void giveBackRunsAgainWithoutFailure() {
    TaskScenario scenario = TaskScenario.running();

    Task task = scenario.assertChanged(scenario.giveBack());

    assertThat(task.state()).isEqualTo(TaskState.CREATED);
    assertThat(task.run().attempt()).isEqualTo(2);
    assertThat(task.run().failures()).isZero();
    assertThat(task.run().dueAt()).isEqualTo(TaskScenario.START.plusSeconds(1));
    assertThat(scenario.effects(Effect.Publish.class)).containsExactly(new Effect.Publish(2));
  }

  @Test
  void newRunResetsRunFields() {
    TaskScenario scenario = TaskScenario.running().apply(s -> s.progress(40, "decoding", null));

    Task task = scenario.assertChanged(scenario.giveBack());

    assertThat(task.run().lease()).isNull();
    assertThat(task.run().progress()).isNull();
    assertThat(task.run().stage()).isNull();
    assertThat(task.run().queuedAt()).isNull();
    assertThat(task.run().startedAt()).isNull();
    assertThat(task.run().queuedMs()).isNull();
    assertThat(task.run().dispatchedAt()).isNull();
  }

  static Stream<TaskScenario.CommandFactory> closingReports() {
    return Stream.of(
        s -> s.complete(1),
        s -> s.fail(TaskState.ERROR),
        s -> s.fail(TaskState.UNFINISHED_DEPENDENCY),
        TaskScenario::giveBack,
        TaskScenario::cancelConfirmed);
  }

  @ParameterizedTest
  @MethodSource("closingReports")
  void refusesClosingReportUnderOtherClaim(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.queued().apply(s -> s.claim("c2"));
    Task before = scenario.task;

    assertThat(scenario.assertRefused(factory.create(scenario)).reason())
        .isEqualTo(Decision.Reason.HELD);
    assertThat(scenario.task).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("closingReports")
  void refusesClosingReportWithoutClaim(TaskScenario.CommandFactory factory) {
    TaskScenario scenario = TaskScenario.queued();

    assertThat(scenario.assertRefused(factory.create(scenario)).reason())
        .isEqualTo(Decision.Reason.ILLEGAL);
  }

  @Test
  void acceptsReplyBeforeConfirm() {
    TaskScenario scenario = TaskScenario.created(TaskScenario.LATE_ACK);

    Task task = scenario.assertChanged(scenario.complete(0));

    assertThat(task.state()).isEqualTo(TaskState.SUCCESS);
    assertThat(task.outbox()).isEmpty();
    assertThat(task.run().runMs()).isNull();
  }

  @Test
  void acceptsReplyWithoutKnownStart() {
    TaskScenario scenario =
        TaskScenario.created(TaskScenario.LATE_ACK).apply(TaskScenario::confirm);

    assertThat(scenario.assertChanged(scenario.fail(TaskState.ERROR_PROXY)).state())
        .isEqualTo(TaskState.CREATED);
  }

  @Test
  void negativeDurationIsZero() {
    TaskScenario scenario = TaskScenario.running().advance(Duration.ofSeconds(-9));

    assertThat(scenario.assertChanged(scenario.complete(0)).run().runMs()).isZero();
  }
}
