package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.task.Dependency;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.ResultRun;
import dev.docket.task.RunRef;
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
 * Tasks that depend on each other, workers that fail, and servers that crash between any two steps:
 * as soon as there are correct workers and sweeps, every task ends without help.
 */
class NothingGetsStuckPropertyTest {

  /** A task; the bits of {@code needs} select those of the earlier tasks that it depends on. */
  record Submitted(int task, OnDependencyFailure rule, int needs) {}

  record Choice(int kind, int index, int variant) {}

  private static final List<Effect.NeededTask> TASKS =
      List.of(
          TaskScenario.TASK_A,
          TaskScenario.TASK_B,
          TaskScenario.neededTask("c", "C"),
          TaskScenario.neededTask("d", "D"));

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void everyTaskEnds(
      @ForAll("policies") Policy policy,
      @ForAll("submissions") List<Submitted> submissions,
      @ForAll("choices") List<Choice> choices) {
    ClusterSimulation cluster = new ClusterSimulation(policy);
    for (Submitted submitted : submissions) {
      submit(cluster, submitted);
    }
    choices.forEach(choice -> step(cluster, choice));

    cluster.crashAndRecover();

    cluster.tasks.values().forEach(task -> checkAtRest(cluster, task));
  }

  private static void checkAtRest(ClusterSimulation cluster, Task task) {
    assertThat(task.outbox()).as("%s", task).isEmpty();
    assertThat(task.deleted()).isFalse();
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      boolean waitsByRule = task.spec().onDependencyFailure() == OnDependencyFailure.WAIT;
      assertThat(task.dependsOn())
          .as("%s", task)
          .anyMatch(d -> (waitsByRule && isFailedOrGone(cluster, d)) || isWaiting(cluster, d));
    } else {
      assertThat(task.state().isFinished()).as("%s", task).isTrue();
    }
    if (task.state() == TaskState.FAILED_DEPENDENCY) {
      assertThat(task.dependsOn()).as("%s", task).anyMatch(d -> isFailedOrGone(cluster, d));
    }
    for (ResultRun run : task.resultRuns()) {
      assertThat(cluster.storedResults).as("%s", task).containsAll(run.resultIds(task.id()));
    }
  }

  /** Whether the dependency waits because of its own rule or of that of one of its dependencies. */
  private static boolean isWaiting(ClusterSimulation cluster, Dependency dependency) {
    Task current = cluster.tasks.get(dependency.id());
    return current != null && current.state() == TaskState.UNFINISHED_DEPENDENCY;
  }

  /**
   * Whether the dependency failed or does not exist, or did not exist when the task registered: one
   * that is created later does not know of its dependent.
   */
  private static boolean isFailedOrGone(ClusterSimulation cluster, Dependency dependency) {
    Task current = cluster.tasks.get(dependency.id());
    boolean wasGone =
        dependency.state() == TaskState.NOT_FOUND && dependency.attempt() == Command.GONE_ATTEMPT;
    return wasGone || current == null || current.state() != TaskState.SUCCESS;
  }

  private static void submit(ClusterSimulation cluster, Submitted submitted) {
    cluster.submit(
        TASKS.get(submitted.task()), submitted.rule(), needs(submitted.task(), submitted.needs()));
  }

  /**
   * Some of the tasks before this one, so that there are no cycles. Missing ones are created for
   * some values of the bits.
   */
  private static List<Effect.NeededTask> needs(int task, int bits) {
    List<Effect.NeededTask> needs = new ArrayList<>();
    for (int i = 0; i < task; i++) {
      if ((bits >> i) % 2 == 1) {
        Effect.NeededTask needed = TASKS.get(i);
        Map<String, Object> args = (bits >> (i + 4)) % 2 == 1 ? Map.of() : null;
        needs.add(new Effect.NeededTask(needed.id(), needed.key(), args));
      }
    }
    return needs;
  }

  private static void step(ClusterSimulation cluster, Choice choice) {
    cluster.now = cluster.now.plus(Duration.ofSeconds(choice.variant() % 5 == 0 ? 40 : 0));
    int kind = choice.kind();
    if (kind < 40 && !cluster.effectsInProgress.isEmpty()) {
      ClusterSimulation.EffectInProgress effect =
          cluster.effectsInProgress.get(choice.index() % cluster.effectsInProgress.size());
      if (kind < 32) {
        cluster.perform(effect);
      }
      if (kind < 28) {
        cluster.reportPerformed(effect);
      }
      // Perform the effect twice in some cases.
      if (kind > 4) {
        cluster.effectsInProgress.remove(effect);
      }
    } else if (kind < 75 && !cluster.messages.isEmpty()) {
      ClusterSimulation.Message message =
          cluster.messages.get(choice.index() % cluster.messages.size());
      if (kind < 70) {
        handleMessage(cluster, message, choice.variant());
      }
      if (kind % 3 == 0) {
        cluster.messages.remove(message);
      }
    } else {
      TaskId id = TASKS.get(choice.index() % TASKS.size()).id();
      cluster.execute(id, randomCommand(cluster, id, kind, choice.variant()));
      if (kind % 10 == 9) {
        submit(
            cluster, new Submitted(choice.index() % 4, OnDependencyFailure.FAIL, choice.variant()));
      }
    }
  }

  /** A worker handles a message in a random way; it may crash before its report. */
  private static void handleMessage(
      ClusterSimulation cluster, ClusterSimulation.Message message, int variant) {
    String claim = cluster.policy.ackMode() == Policy.AckMode.CLAIMS ? "c" + variant % 2 : null;
    Reporter from = new Reporter(message.run(), claim, "w");
    if (claim != null) {
      cluster.execute(message.id(), new Command.Claim(from, null, variant % 5 == 0, null));
    }
    int taskIndex = message.id().value().charAt(0) - 'a';
    TaskState failure =
        variant % 4 == 0
            ? TaskState.UNFINISHED_DEPENDENCY
            : List.of(TaskState.ERROR, TaskState.ERROR_PROXY).get(variant % 2);
    Command report =
        switch (variant % 7) {
          case 0, 1 -> new Command.Started(from, null);
          case 2, 3 ->
              new Command.Complete(from, RunEnd.of(null), TaskScenario.results(variant % 3), null);
          case 4 -> new Command.GiveBack(from, null);
          default ->
              Command.Fail.of(from, failure, RunEnd.of("why"), needs(taskIndex, variant / 7));
        };
    cluster.execute(message.id(), report);
  }

  private static Command randomCommand(
      ClusterSimulation cluster, TaskId id, int kind, int variant) {
    Task task = cluster.tasks.get(id);
    int attempt = task == null ? 1 : task.run().attempt();
    String run = task == null ? "none" : task.run().token();
    return switch (kind % 13) {
      case 0 -> new Command.Retry("ann");
      case 1 -> variant % 2 == 0 ? new Command.RetryNow("ann") : new Command.ForceRetry("ann");
      case 2 -> variant % 2 == 0 ? new Command.MassReset("ann") : new Command.Reset("ann");
      case 3 -> new Command.Cancel("ann");
      case 4 -> variant % 3 == 0 ? new Command.Delete("ann") : new Command.Retry("ann");
      case 5 -> new Command.Unroutable(new RunRef(attempt, run));
      case 6 -> new Command.LeaseLost();
      case 7 -> new Command.TimedOut();
      case 8 -> new Command.Unanswered(variant % 2 == 0);
      case 9 -> new Command.Publish();
      case 10 -> new Command.TakeOverdue(cluster.now.plusSeconds(30));
      case 11 -> new Command.Confirm(new RunRef(attempt, run));
      default -> new Command.Redispatch();
    };
  }

  @Provide
  Arbitrary<Policy> policies() {
    return Arbitraries.of(TaskScenario.CLAIMS, TaskScenario.LATE_ACK);
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
  Arbitrary<List<Choice>> choices() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 99),
            Arbitraries.integers().between(0, 999),
            Arbitraries.integers().between(0, 9999))
        .as(Choice::new)
        .list()
        .ofMaxSize(60);
  }
}
