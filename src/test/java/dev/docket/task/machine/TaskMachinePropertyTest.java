package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.Run;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
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

/** The invariants hold for any commands, in any order, repeated and delayed. */
class TaskMachinePropertyTest {

  @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
  void invariantsHoldForAnyCommands(
      @ForAll("tasks") TaskScenario scenario,
      @ForAll("commands") List<RandomCommands.Choice> choices) {
    TransitionInvariants invariants = new TransitionInvariants(scenario.policy);
    RandomCommands generator = new RandomCommands(scenario);
    Map<Integer, TaskState> ends = new HashMap<>();
    for (RandomCommands.Choice choice : choices) {
      Command command = generator.next(choice);
      Task before = scenario.task;
      Decision decision = scenario.execute(command);
      invariants.check(before, command, decision, scenario.task);
      assertThat(countLeaseHolders(scenario, generator.knownRuns())).isLessThanOrEqualTo(1);
      if (scenario.task.state().isFinished()) {
        TaskState end = scenario.task.state();
        assertThat(ends.merge(scenario.task.run().attempt(), end, (first, later) -> first))
            .isEqualTo(end);
      }
      if (scenario.task.deleted() && scenario.task.outbox().isEmpty()) {
        return;
      }
    }
  }

  /** The number of claims so far whose heartbeat would be accepted now. */
  private static long countLeaseHolders(TaskScenario scenario, List<RunRef> runs) {
    return runs.stream()
        .flatMap(
            run ->
                List.of("c0", "c1").stream()
                    .map(claim -> new Command.Heartbeat(new Reporter(run, claim, "w"))))
        .filter(heartbeat -> scenario.policy.ackMode() == Policy.AckMode.CLAIMS)
        .map(
            heartbeat ->
                TaskMachine.apply(scenario.task, heartbeat, scenario.policy, scenario.context()))
        .filter(decision -> !decision.refused())
        .count();
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void repeatedCommandsChangeNothing(
      @ForAll("tasks") TaskScenario scenario,
      @ForAll("commands") List<RandomCommands.Choice> choices) {
    RandomCommands generator = new RandomCommands(scenario);
    for (RandomCommands.Choice choice : choices) {
      Command command = generator.next(choice);
      Decision first = scenario.execute(command);
      if (scenario.task.deleted()) {
        return;
      }
      boolean mayRepeat =
          command instanceof Command.Claim
              || command instanceof Command.Complete
              || command instanceof Command.Fail
              || command instanceof Command.GiveBack
              || command instanceof Command.Undelivered
              || command instanceof Command.InstanceReplaced
              || command instanceof Command.CancelConfirmed
              || command instanceof Command.FromBroker
              || command instanceof Command.Cancel
              || command instanceof Command.EffectsDone
              || command instanceof Command.AddDependent
              || command instanceof Command.DependencyDone
              || command instanceof Command.DependencyFailed;
      if (mayRepeat && !first.refused()) {
        scenario.assertUnchanged(command);
      }
    }
  }

  @Provide
  Arbitrary<TaskScenario> tasks() {
    return Arbitraries.oneOf(withOneProtocol(), sometimesManual());
  }

  private static Arbitrary<TaskScenario> withOneProtocol() {
    return Combinators.combine(
            Arbitraries.of(Policy.AckMode.values()),
            Arbitraries.of(OnDependencyFailure.class),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(0, 0, 50))
        .as(
            (ackMode, rule, needed, due) ->
                TaskScenario.of(
                    TaskScenario.policy(ackMode),
                    rule,
                    RandomCommands.neededTasks(needed),
                    due(due)));
  }

  private static Instant due(int seconds) {
    return seconds == 0 ? null : TaskScenario.START.plus(Duration.ofSeconds(seconds));
  }

  /** Tasks that people do, and tasks whose key is theirs for some of the runs. */
  private static Arbitrary<TaskScenario> sometimesManual() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of("docket", Run.MANUAL),
            Arbitraries.of(OnDependencyFailure.class),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(0, 0, 50))
        .as(
            (manual, next, rule, needed, due) -> {
              List<Effect.NeededTask> tasks = RandomCommands.neededTasks(needed);
              TaskScenario scenario =
                  manual
                      ? TaskScenario.manual(rule, tasks, due(due))
                      : TaskScenario.of(TaskScenario.CLAIMS, rule, tasks, due(due));
              scenario.nextProtocol = next;
              return scenario;
            });
  }

  @Provide
  Arbitrary<List<RandomCommands.Choice>> commands() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 119),
            Arbitraries.integers().between(0, 999),
            Arbitraries.integers().between(0, 999))
        .as(RandomCommands.Choice::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }
}
