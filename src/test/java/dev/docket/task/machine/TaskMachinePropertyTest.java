package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever anybody says in whatever order, how often and how late: the promises hold. */
class TaskMachinePropertyTest {

  @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
  void promisesHoldWhateverIsSaid(
      @ForAll("tasks") TaskScenario scenario, @ForAll("commands") List<RandomCommands.Dice> dice) {
    TransitionInvariants promises = new TransitionInvariants(scenario.policy);
    RandomCommands commands = new RandomCommands(scenario);
    Map<Integer, TaskState> ends = new HashMap<>();
    for (RandomCommands.Dice each : dice) {
      Command command = commands.next(each);
      Task before = scenario.task;
      Decision decision = scenario.execute(command);
      promises.check(before, command, decision, scenario.task);
      assertThat(holders(scenario, commands.runs())).isLessThanOrEqualTo(1);
      if (scenario.task.state().isFinished()) {
        TaskState end = scenario.task.state();
        assertThat(ends.merge(scenario.task.attempt(), end, (first, now) -> first)).isEqualTo(end);
      }
      if (scenario.task.deleted() && scenario.task.outbox().isEmpty()) {
        return;
      }
    }
  }

  /** Of all the claims there ever were: how many would be heard now. */
  private static long holders(TaskScenario scenario, List<RunResults> runs) {
    return runs.stream()
        .flatMap(
            run ->
                List.of("c0", "c1").stream()
                    .map(claim -> new Command.Heartbeat(run.attempt(), run.run(), claim, "w")))
        .filter(beat -> scenario.policy.ackMode() == Policy.AckMode.CLAIMS)
        .map(beat -> TaskMachine.apply(scenario.task, beat, scenario.policy, scenario.context()))
        .filter(decision -> !decision.refused())
        .count();
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void saidTwiceIsSaidOnce(
      @ForAll("tasks") TaskScenario scenario, @ForAll("commands") List<RandomCommands.Dice> dice) {
    RandomCommands commands = new RandomCommands(scenario);
    for (RandomCommands.Dice each : dice) {
      Command command = commands.next(each);
      Decision first = scenario.execute(command);
      if (scenario.task.deleted()) {
        return;
      }
      boolean mayRepeat =
          command instanceof Command.Claim
              || command instanceof Command.Complete
              || command instanceof Command.Fail
              || command instanceof Command.GiveBack
              || command instanceof Command.CancelConfirmed
              || command instanceof Command.OfMessage
              || command instanceof Command.Cancel
              || command instanceof Command.EffectsDone
              || command instanceof Command.AddDependent
              || command instanceof Command.DependencyDone
              || command instanceof Command.DependencyFailed;
      if (mayRepeat && !first.refused()) {
        scenario.unchanged(command);
      }
    }
  }

  @Provide
  Arbitrary<TaskScenario> tasks() {
    return Combinators.combine(
            Arbitraries.of(Policy.AckMode.values()),
            Arbitraries.of(OnDependencyFailure.class),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(0, 0, 50))
        .as(
            (ackMode, rule, callback, needed, due) ->
                TaskScenario.of(
                    TaskScenario.policy(ackMode),
                    rule,
                    callback,
                    RandomCommands.needed(needed),
                    due == 0 ? null : TaskScenario.START.plus(Duration.ofSeconds(due))));
  }

  @Provide
  Arbitrary<List<RandomCommands.Dice>> commands() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 119),
            Arbitraries.integers().between(0, 999),
            Arbitraries.integers().between(0, 999))
        .as(RandomCommands.Dice::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }
}
