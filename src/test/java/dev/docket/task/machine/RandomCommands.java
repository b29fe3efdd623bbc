package dev.docket.task.machine;

import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says anything that brokers, workers, watches, people and other tasks might say to a task: of the
 * current run, of earlier ones, of runs that never were; in any order, and again.
 */
final class RandomCommands {

  /** The dice of one command. */
  record Dice(int kind, int which, int more) {}

  private static final List<TaskState> FAILURES =
      List.of(
          TaskState.BAD_REQUEST,
          TaskState.ERROR,
          TaskState.ERROR_INVALID_INPUT,
          TaskState.ERROR_PROXY,
          TaskState.ERROR_PROXY,
          TaskState.UNFINISHED_DEPENDENCY,
          TaskState.UNFINISHED_DEPENDENCY);

  private static final List<TaskId> OTHERS =
      List.of(new TaskId("x"), new TaskId("y"), new TaskId("z"));

  private final TaskScenario scenario;
  private final List<RunResults> runs = new ArrayList<>();
  private final List<Command> said = new ArrayList<>();

  RandomCommands(TaskScenario scenario) {
    this.scenario = scenario;
  }

  /** Every run there was, its token and nothing else. */
  List<RunResults> runs() {
    return runs;
  }

  Command next(Dice dice) {
    RunResults current = new RunResults(scenario.task.attempt(), scenario.task.run(), 0);
    if (!runs.contains(current)) {
      runs.add(current);
    }
    scenario.after(Duration.ofSeconds(dice.more() % 4 == 0 ? dice.more() % 100 : 0));
    Command command = dice.kind() < 100 ? fresh(dice) : again(dice);
    said.add(command);
    return command;
  }

  private Command again(Dice dice) {
    return said.isEmpty() ? fresh(dice) : said.get(said.size() - 1 - dice.which() % said.size());
  }

  private Command fresh(Dice dice) {
    int kind = dice.kind() % 100;
    if (kind < 12) {
      return ofMessage(run(dice), kind);
    }
    if (kind < 60) {
      return ofRun(run(dice), kind, dice.more());
    }
    if (kind < 72) {
      return observed(kind, dice.more());
    }
    if (kind < 80) {
      return effectsDone(dice.more());
    }
    return kind < 90 ? ofOther(kind, dice) : asked(kind);
  }

  /** Mostly the current run, else an earlier one, or one that never was. */
  private RunResults run(Dice dice) {
    if (dice.which() % 20 == 19) {
      return new RunResults(1 + dice.more() % 4, "never", 0);
    }
    int back = dice.which() % 4 == 0 ? dice.which() % runs.size() : 0;
    return runs.get(runs.size() - 1 - back);
  }

  private static Command ofMessage(RunResults run, int kind) {
    return kind < 8
        ? new Command.Confirm(run.attempt(), run.run())
        : new Command.Unroutable(run.attempt(), run.run());
  }

  private Command ofRun(RunResults run, int kind, int more) {
    int attempt = run.attempt();
    String token = run.run();
    boolean claims = scenario.policy.ackMode() == Policy.AckMode.CLAIMS;
    String claim = claims || more % 11 == 10 ? "c" + more % 2 : null;
    if (kind < 28) {
      return new Command.Claim(attempt, token, "c" + more % 2, "w" + more % 2, more % 3 == 0);
    }
    if (kind < 30) {
      return new Command.Started(attempt, token, claim, "w");
    }
    if (kind < 33) {
      return new Command.Heartbeat(attempt, token, claim, "w");
    }
    if (kind < 35) {
      return new Command.Progress(attempt, token, claim, "w", more % 101, "s", null);
    }
    if (kind < 42) {
      return new Command.Complete(attempt, token, claim, "w", null, TaskScenario.results(more % 3));
    }
    if (kind < 54) {
      TaskState state = FAILURES.get(more % FAILURES.size());
      return new Command.Fail(attempt, token, claim, "w", state, "why", needed(more / 7));
    }
    return kind < 57
        ? new Command.GiveBack(attempt, token, claim, "w", null)
        : new Command.CancelConfirmed(attempt, token, claim, "w");
  }

  private static Command observed(int kind, int more) {
    return switch (kind % 7) {
      case 0 -> new Command.LeaseLost();
      case 1 -> new Command.TimedOut();
      case 2 -> new Command.Unanswered(more % 2 == 0);
      case 3 -> new Command.Redispatch();
      case 4 -> new Command.TakeOverdue(TaskScenario.START.plus(Duration.ofDays(1)));
      case 5 -> new Command.Expire();
      default -> new Command.Publish();
    };
  }

  private Command effectsDone(int more) {
    List<PendingEffect> outbox = scenario.task.outbox();
    Set<String> ids =
        IntStream.range(0, outbox.size())
            .filter(i -> (more >> i) % 2 == 0)
            .mapToObj(i -> outbox.get(i).id())
            .collect(Collectors.toSet());
    return new Command.EffectsDone(ids);
  }

  private static Command ofOther(int kind, Dice dice) {
    Effect.Needed other = dice.more() % 2 == 0 ? TaskScenario.A : TaskScenario.B;
    int attempt = dice.which() % 4;
    if (kind == 82) {
      return new Command.InCycle(other.id(), "a needs b needs a");
    }
    if (kind < 83) {
      return new Command.AddDependent(OTHERS.get(dice.which() % OTHERS.size()));
    }
    return kind < 87
        ? TaskScenario.done(other, Math.max(1, attempt))
        : TaskScenario.failed(other, attempt);
  }

  private static Command asked(int kind) {
    return switch (kind) {
      case 90 -> new Command.Retry("ann");
      case 91 -> new Command.SaveResult();
      case 92 -> new Command.ForceRetry("ann");
      case 93 -> new Command.Reset("ann");
      case 94 -> new Command.MassReset("ann");
      case 95, 96, 97 -> new Command.Cancel("ann");
      case 98 -> new Command.Unstorable("why");
      default -> new Command.Delete("ann");
    };
  }

  /** None, one or both of two, to be made or not. */
  static List<Effect.Needed> needed(int dice) {
    List<Effect.Needed> needed = new ArrayList<>();
    if (dice % 2 == 1) {
      needed.add(TaskScenario.A);
    }
    if (dice / 2 % 2 == 1) {
      needed.add(new Effect.Needed(TaskScenario.B.id(), TaskScenario.B.key(), Map.of("x", dice)));
    }
    return needed;
  }
}
