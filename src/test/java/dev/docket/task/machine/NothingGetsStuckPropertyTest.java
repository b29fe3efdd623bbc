package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Tasks that need each other, workers that fail, and servers that die between any two steps: as
 * soon as there are honest workers and a sweep, every task comes to its end by itself.
 */
class NothingGetsStuckPropertyTest {

  /** A task, and which of those before it in the alphabet it needs, in bits. */
  record Submitted(int task, OnDependencyFailure rule, int needs) {}

  record Dice(int kind, int which, int more) {}

  private static final List<Effect.Needed> NAMES =
      List.of(
          TaskScenario.A,
          TaskScenario.B,
          TaskScenario.needed("c", "C"),
          TaskScenario.needed("d", "D"));

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void everyTaskComesToItsEnd(
      @ForAll("ways") Policy policy,
      @ForAll("submissions") List<Submitted> submissions,
      @ForAll("dice") List<Dice> dice) {
    ClusterSimulation cluster = new ClusterSimulation(policy);
    for (Submitted submitted : submissions) {
      submit(cluster, submitted);
    }
    dice.forEach(each -> step(cluster, each));

    cluster.comeToRest();

    cluster.tasks.values().forEach(task -> atRest(cluster, task));
  }

  private static void atRest(ClusterSimulation cluster, Task task) {
    assertThat(task.outbox()).as("%s", task).isEmpty();
    assertThat(task.deleted()).isFalse();
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      boolean told = task.spec().onDependencyFailure() == OnDependencyFailure.WAIT;
      assertThat(task.dependsOn())
          .as("%s", task)
          .anyMatch(d -> (told && failedOrGone(cluster, d)) || waits(cluster, d));
    } else {
      assertThat(task.state().isFinished()).as("%s", task).isTrue();
    }
    if (task.state() == TaskState.FAILED_DEPENDENCY) {
      assertThat(task.dependsOn()).as("%s", task).anyMatch(d -> failedOrGone(cluster, d));
    }
    RunResults results = task.results();
    for (int i = 0; results != null && i < results.count(); i++) {
      assertThat(cluster.stored).containsKey(task.id() + "." + results.run() + "." + i);
    }
  }

  /** It was itself told to wait, or waits for one that was. */
  private static boolean waits(ClusterSimulation cluster, Dependency dependency) {
    Task there = cluster.tasks.get(dependency.id());
    return there != null && there.state() == TaskState.UNFINISHED_DEPENDENCY;
  }

  /** Or was gone when it was looked for: one that is made later does not know of this one. */
  private static boolean failedOrGone(ClusterSimulation cluster, Dependency dependency) {
    Task there = cluster.tasks.get(dependency.id());
    boolean wasGone =
        dependency.state() == TaskState.NOT_FOUND && dependency.attempt() == Command.GONE;
    return wasGone || there == null || there.state() != TaskState.SUCCESS;
  }

  private static void submit(ClusterSimulation cluster, Submitted submitted) {
    cluster.submit(
        NAMES.get(submitted.task()), submitted.rule(), needs(submitted.task(), submitted.needs()));
  }

  /** Some of those before it, so there are no cycles; to be made if they are missing, or not. */
  private static List<Effect.Needed> needs(int task, int bits) {
    List<Effect.Needed> needs = new ArrayList<>();
    for (int i = 0; i < task; i++) {
      if ((bits >> i) % 2 == 1) {
        Effect.Needed name = NAMES.get(i);
        Map<String, Object> args = (bits >> (i + 4)) % 2 == 1 ? Map.of() : null;
        needs.add(new Effect.Needed(name.id(), name.key(), args));
      }
    }
    return needs;
  }

  private static void step(ClusterSimulation cluster, Dice dice) {
    cluster.now = cluster.now.plus(Duration.ofSeconds(dice.more() % 5 == 0 ? 40 : 0));
    int kind = dice.kind();
    if (kind < 40 && !cluster.underWay.isEmpty()) {
      ClusterSimulation.Doing doing = cluster.underWay.get(dice.which() % cluster.underWay.size());
      if (kind < 32) {
        cluster.perform(doing);
      }
      if (kind < 28) {
        cluster.report(doing);
      }
      // Done twice, now and then.
      if (kind > 4) {
        cluster.underWay.remove(doing);
      }
    } else if (kind < 75 && !cluster.broker.isEmpty()) {
      ClusterSimulation.Message message = cluster.broker.get(dice.which() % cluster.broker.size());
      if (kind < 70) {
        answer(cluster, message, dice.more());
      }
      if (kind % 3 == 0) {
        cluster.broker.remove(message);
      }
    } else {
      TaskId id = NAMES.get(dice.which() % NAMES.size()).id();
      cluster.execute(id, command(cluster, id, kind, dice.more()));
      if (kind % 10 == 9) {
        submit(cluster, new Submitted(dice.which() % 4, OnDependencyFailure.FAIL, dice.more()));
      }
    }
  }

  /** What some worker makes of a message; it may have gone before the next step. */
  private static void answer(
      ClusterSimulation cluster, ClusterSimulation.Message message, int dice) {
    int attempt = message.attempt();
    String run = message.run();
    String claim = cluster.policy.ackMode() == Policy.AckMode.CLAIMS ? "c" + dice % 2 : null;
    if (claim != null) {
      cluster.execute(message.id(), new Command.Claim(attempt, run, claim, "w", dice % 5 == 0));
    }
    int self = message.id().value().charAt(0) - 'a';
    TaskState failure =
        dice % 4 == 0
            ? TaskState.UNFINISHED_DEPENDENCY
            : List.of(TaskState.ERROR, TaskState.ERROR_PROXY).get(dice % 2);
    Command said =
        switch (dice % 7) {
          case 0, 1 -> new Command.Started(attempt, run, claim, "w");
          case 2, 3 ->
              new Command.Complete(attempt, run, claim, "w", null, TaskScenario.results(dice % 3));
          case 4 -> new Command.GiveBack(attempt, run, claim, "w", null);
          default ->
              new Command.Fail(attempt, run, claim, "w", failure, "why", needs(self, dice / 7));
        };
    cluster.execute(message.id(), said);
  }

  private static Command command(ClusterSimulation cluster, TaskId id, int kind, int dice) {
    Task task = cluster.tasks.get(id);
    int attempt = task == null ? 1 : task.attempt();
    String run = task == null ? "none" : task.run();
    return switch (kind % 13) {
      case 0 -> new Command.Retry("ann");
      case 1 -> new Command.ForceRetry("ann");
      case 2 -> dice % 2 == 0 ? new Command.MassReset("ann") : new Command.Reset("ann");
      case 3 -> new Command.Cancel("ann");
      case 4 -> dice % 3 == 0 ? new Command.Delete("ann") : new Command.Retry("ann");
      case 5 -> new Command.Unroutable(attempt, run);
      case 6 -> new Command.LeaseLost();
      case 7 -> new Command.TimedOut();
      case 8 -> new Command.Unanswered(dice % 2 == 0);
      case 9 -> new Command.Publish();
      case 10 -> new Command.TakeOverdue(cluster.now.plusSeconds(30));
      case 11 -> new Command.Confirm(attempt, run);
      default -> new Command.Redispatch();
    };
  }

  @Provide
  Arbitrary<Policy> ways() {
    return Arbitraries.of(TaskScenario.CLAIMS, TaskScenario.LATE);
  }

  @Provide
  Arbitrary<List<Submitted>> submissions() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(OnDependencyFailure.class),
            Arbitraries.integers().between(0, 255))
        .as(Submitted::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<Dice>> dice() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 99),
            Arbitraries.integers().between(0, 999),
            Arbitraries.integers().between(0, 9999))
        .as(Dice::new)
        .list()
        .ofMaxSize(60);
  }
}
