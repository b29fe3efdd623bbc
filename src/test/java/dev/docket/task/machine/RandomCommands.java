package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.ResultId;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Generates any command that brokers, workers, sweeps, people and other tasks may execute on a
 * task: about the current run, earlier runs and runs that never existed, in any order and
 * repeatedly.
 */
final class RandomCommands {

  /** The random numbers that select one command. */
  record Choice(int kind, int index, int variant) {}

  private static final List<TaskState> FAILURES =
      List.of(
          TaskState.BAD_REQUEST,
          TaskState.ERROR,
          TaskState.ERROR_INVALID_INPUT,
          TaskState.ERROR_PROXY,
          TaskState.ERROR_PROXY,
          TaskState.UNFINISHED_DEPENDENCY,
          TaskState.UNFINISHED_DEPENDENCY);

  private static final List<TaskId> DEPENDENTS =
      List.of(new TaskId("x"), new TaskId("y"), new TaskId("z"));

  private final TaskScenario scenario;
  private final List<RunRef> knownRuns = new ArrayList<>();
  private final List<Command> issued = new ArrayList<>();

  RandomCommands(TaskScenario scenario) {
    this.scenario = scenario;
  }

  /** All runs so far. */
  List<RunRef> knownRuns() {
    return knownRuns;
  }

  Command next(Choice choice) {
    RunRef current = scenario.task.run().ref();
    if (!knownRuns.contains(current)) {
      knownRuns.add(current);
    }
    scenario.advance(Duration.ofSeconds(choice.variant() % 4 == 0 ? choice.variant() % 100 : 0));
    Command command = choice.kind() < 100 ? newCommand(choice) : repeat(choice);
    issued.add(command);
    return command;
  }

  private Command repeat(Choice choice) {
    return issued.isEmpty()
        ? newCommand(choice)
        : issued.get(issued.size() - 1 - choice.index() % issued.size());
  }

  private Command newCommand(Choice choice) {
    int kind = choice.kind() % 100;
    if (kind < 12) {
      return brokerCommand(chooseRun(choice), kind);
    }
    if (kind < 60) {
      return workerCommand(chooseRun(choice), kind, choice.variant());
    }
    if (kind < 72) {
      return observedCommand(kind, choice.variant());
    }
    if (kind < 80) {
      return kind == 79 ? resultsCommand(choice) : effectsDone(choice.variant());
    }
    return kind < 90 ? dependencyCommand(kind, choice) : requestedCommand(kind, choice);
  }

  /** Returns mostly the current run, sometimes an earlier one or one that never existed. */
  private RunRef chooseRun(Choice choice) {
    if (choice.index() % 20 == 19) {
      return new RunRef(1 + choice.variant() % 4, "never");
    }
    int back = choice.index() % 4 == 0 ? choice.index() % knownRuns.size() : 0;
    return knownRuns.get(knownRuns.size() - 1 - back);
  }

  private static Command brokerCommand(RunRef run, int kind) {
    return kind < 8 ? new Command.Confirm(run) : new Command.Unroutable(run);
  }

  private Command workerCommand(RunRef run, int kind, int variant) {
    boolean claims = scenario.policy.ackMode() == Policy.AckMode.CLAIMS;
    String claim = claims || variant % 11 == 10 ? "c" + variant % 2 : null;
    Reporter from = new Reporter(run, claim, "w");
    if (kind < 28) {
      return new Command.Claim(
          new Reporter(run, "c" + variant % 2, "w" + variant % 2),
          variant % 7 == 0 ? null : instance(variant),
          variant % 3 == 0,
          variant % 5 == 0 ? (Integer) 5 : null);
    }
    if (kind < 30) {
      return new Command.Started(from, null);
    }
    if (kind < 33) {
      return new Command.Heartbeat(from);
    }
    if (kind < 35) {
      return new Command.Progress(from, variant % 101, "s", null);
    }
    if (kind < 42) {
      return new Command.Complete(from, RunEnd.of(null), TaskScenario.results(variant % 3), null);
    }
    if (kind < 54) {
      TaskState state = FAILURES.get(variant % FAILURES.size());
      return Command.Fail.of(from, state, RunEnd.of("why"), neededTasks(variant / 7));
    }
    if (kind == 54) {
      return new Command.Undelivered(new Reporter(run, "c" + variant % 2, "w"));
    }
    return kind < 57
        ? new Command.GiveBack(from, null)
        : new Command.CancelConfirmed(from, RunTiming.UNKNOWN);
  }

  private static WorkerInstance instance(int variant) {
    return new WorkerInstance("process-" + variant % 2, "caller-" + variant / 2 % 2);
  }

  private static Command observedCommand(int kind, int variant) {
    if (kind == 71) {
      return new Command.InstanceReplaced(instance(variant));
    }
    return switch (kind % 7) {
      case 0 -> new Command.LeaseLost();
      case 1 -> new Command.TimedOut();
      case 2 -> new Command.Unanswered(variant % 2 == 0);
      case 3 -> new Command.Redispatch();
      case 4 -> new Command.TakeOverdue(TaskScenario.START.plus(Duration.ofDays(1)));
      case 5 -> new Command.Expire();
      default -> new Command.Publish();
    };
  }

  private Command effectsDone(int variant) {
    List<PendingEffect> outbox = scenario.task.outbox();
    Set<String> ids =
        IntStream.range(0, outbox.size())
            .filter(i -> (variant >> i) % 2 == 0)
            .mapToObj(i -> outbox.get(i).id())
            .collect(Collectors.toSet());
    return new Command.EffectsDone(ids);
  }

  private static Command saveResult(RunRef run, int variant) {
    ResultId id = new ResultId("saved-" + run.token() + "-" + variant % 3);
    return new Command.SaveResult(run, id);
  }

  /** Removes some of the task's results, or deletes those of earlier runs. */
  private Command resultsCommand(Choice choice) {
    if (choice.variant() % 2 == 0) {
      return new Command.TrimResults(Set.of(1 + choice.index() % 5, 6 + choice.index() % 7));
    }
    List<ResultId> ids = new ArrayList<>(scenario.task.run().saved());
    scenario.task.resultRuns().forEach(run -> ids.addAll(run.resultIds(scenario.task.id())));
    return new Command.RemoveResults(
        ids.isEmpty() ? List.of() : List.of(ids.get(choice.index() % ids.size())));
  }

  private static Command dependencyCommand(int kind, Choice choice) {
    Effect.NeededTask dependency =
        choice.variant() % 2 == 0 ? TaskScenario.TASK_A : TaskScenario.TASK_B;
    int attempt = choice.index() % 4;
    if (kind == 82) {
      return new Command.InCycle(dependency.id(), "a needs b needs a");
    }
    if (kind < 83) {
      return new Command.AddDependent(DEPENDENTS.get(choice.index() % DEPENDENTS.size()));
    }
    return kind < 87
        ? TaskScenario.dependencyDone(dependency, Math.max(1, attempt))
        : TaskScenario.dependencyFailed(dependency, attempt);
  }

  private Command requestedCommand(int kind, Choice choice) {
    return switch (kind) {
      case 90 -> new Command.Retry("ann");
      case 91 -> saveResult(chooseRun(choice), choice.variant());
      case 92 -> new Command.ForceRetry("ann");
      case 93 -> new Command.Reset("ann");
      case 94 -> new Command.MassReset("ann");
      case 95, 96 -> new Command.Cancel("ann");
      case 97 -> new Command.RetryNow("ann");
      case 98 -> new Command.Unstorable("why");
      default -> new Command.Delete("ann");
    };
  }

  /** Returns none, one or both of two tasks; only the second is created if it is missing. */
  static List<Effect.NeededTask> neededTasks(int bits) {
    List<Effect.NeededTask> needed = new ArrayList<>();
    if (bits % 2 == 1) {
      needed.add(TaskScenario.TASK_A);
    }
    if (bits / 2 % 2 == 1) {
      needed.add(
          new Effect.NeededTask(
              TaskScenario.TASK_B.id(), TaskScenario.TASK_B.key(), Map.of("x", bits)));
    }
    return needed;
  }
}
