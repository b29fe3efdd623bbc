package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.broker.QueueLimit;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.task.KeyLimits;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.TaskMachine;
import dev.docket.workers.Occupancy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A task in a certain state, with the evidence that is available about it. */
final class ExplainScenario {

  static final Instant START = Instant.parse("2026-03-01T10:00:00.000Z");
  static final String CLAIM = "claim-id-of-the-worker";
  static final String EXCHANGE = "docket-exchange";

  Instant now = START;
  Task task;
  private KeyLimits limits = KeyLimits.NONE;
  private @Nullable Policy policy;
  private @Nullable String brokerError;
  private @Nullable String storeError;
  private final Map<TaskId, Task> dependencies = new HashMap<>();
  private boolean dependenciesKnown = true;
  private Evidence.@Nullable Queues queues;
  private Evidence.@Nullable QueuePosition position;
  private @Nullable Occupancy workers;
  private int tokens;

  private ExplainScenario(
      Policy.AckMode ackMode,
      OnDependencyFailure rule,
      @Nullable Instant due,
      String... dependencies) {
    policy =
        new Policy(
            "docket",
            ackMode,
            3,
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            60,
            Duration.ofHours(1),
            Duration.ofDays(7),
            10);
    List<Effect.NeededTask> needed = new ArrayList<>();
    for (String key : dependencies) {
      needed.add(new Effect.NeededTask(new TaskId("id-" + key), new TaskKey(key), null));
    }
    task = TaskMachine.create(new TaskId("t"), spec("ASR", rule), needed, due, context());
  }

  private static TaskSpec spec(String key, OnDependencyFailure rule) {
    return TaskSpec.builder(
            TaskSpec.DocumentCopy.of(DocumentSamples.document()), new TaskKey(key), "docket", "ann")
        .onDependencyFailure(rule)
        .priority(5)
        .build();
  }

  static ExplainScenario created() {
    return new ExplainScenario(Policy.AckMode.CLAIMS, OnDependencyFailure.FAIL, null);
  }

  static ExplainScenario withoutLeases() {
    return new ExplainScenario(Policy.AckMode.ACKNOWLEDGES_LATE, OnDependencyFailure.FAIL, null);
  }

  static ExplainScenario delayed(Instant due) {
    return new ExplainScenario(Policy.AckMode.CLAIMS, OnDependencyFailure.FAIL, due);
  }

  static ExplainScenario dependingOn(OnDependencyFailure rule, String... dependencies) {
    return new ExplainScenario(Policy.AckMode.CLAIMS, rule, null, dependencies).effectsDone();
  }

  /** A task that people do. */
  static ExplainScenario manual() {
    ExplainScenario scenario = created();
    scenario.task =
        TaskMachine.apply(
                scenario.task,
                new Command.ForceRetry("ann"),
                TaskSamples.POLICY,
                scenario.context().withProtocol(Run.MANUAL))
            .task();
    return scenario;
  }

  static ExplainScenario queued() {
    return created().confirm();
  }

  static ExplainScenario running() {
    return queued().after(2).claim(false);
  }

  DecisionContext context() {
    tokens++;
    return new DecisionContext(now, "%08x".formatted(tokens + 0xcafe0000).repeat(4), 0.5)
        .withLimits(limits);
  }

  ExplainScenario execute(Command command) {
    Policy rules = policy == null ? created().policy : policy;
    Decision decision = TaskMachine.apply(task, command, rules, context());
    if (decision.refused()) {
      throw new AssertionError(command.label() + " was refused: " + decision);
    }
    task = decision.task();
    return this;
  }

  ExplainScenario after(long seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  ExplainScenario confirm() {
    return execute(new Command.Confirm(task.run().ref()));
  }

  ExplainScenario unroutable() {
    return execute(new Command.Unroutable(task.run().ref()));
  }

  ExplainScenario claim(boolean provisional) {
    return execute(
        new Command.Claim(new Reporter(task.run().ref(), CLAIM, "asr-3"), null, provisional, null));
  }

  /** Granted by a poll that promises the first report within these seconds. */
  ExplainScenario grant(int firstReportSeconds) {
    return execute(
        Command.Claim.forPoll(
            new Reporter(task.run().ref(), CLAIM, "asr-3"), null, firstReportSeconds));
  }

  /** Granted by a poll, and lost without a report. */
  ExplainScenario takenBack() {
    return grant(5).execute(new Command.LeaseLost());
  }

  ExplainScenario undelivered() {
    return execute(new Command.Undelivered(new Reporter(task.run().ref(), CLAIM, "asr-3")));
  }

  ExplainScenario started() {
    return execute(new Command.Started(new Reporter(task.run().ref(), null, "whisper"), null));
  }

  ExplainScenario progress(int percent, String stage) {
    return execute(
        new Command.Progress(
            new Reporter(task.run().ref(), CLAIM, "asr-3"), percent, stage, "so far"));
  }

  ExplainScenario complete() {
    return execute(
        new Command.Complete(
            new Reporter(task.run().ref(), CLAIM, "asr-3"), RunEnd.of("done"), List.of(), null));
  }

  ExplainScenario fail(TaskState state, String message) {
    return execute(
        Command.Fail.of(
            new Reporter(task.run().ref(), CLAIM, "asr-3"), state, RunEnd.of(message), List.of()));
  }

  /** The worker needs tasks of the same document; the server creates them if they are missing. */
  ExplainScenario needs(String message, String... keys) {
    List<Effect.NeededTask> needed = new ArrayList<>();
    for (String key : keys) {
      TaskKey taskKey = new TaskKey(key);
      needed.add(
          new Effect.NeededTask(
              TaskId.of(task.spec().document().id(), taskKey), taskKey, Map.of()));
    }
    return execute(
        Command.Fail.of(
            new Reporter(task.run().ref(), CLAIM, "asr-3"),
            TaskState.UNFINISHED_DEPENDENCY,
            RunEnd.of(message),
            needed));
  }

  /** Changes a dependency as the broker's response to its message does. */
  void brokerOutcomeOf(String key, boolean confirmed) {
    dependencies.replaceAll(
        (id, dependency) ->
            dependency.key().value().equals(key)
                ? TaskMachine.apply(
                        dependency,
                        confirmed
                            ? new Command.Confirm(dependency.run().ref())
                            : new Command.Unroutable(dependency.run().ref()),
                        created().policy,
                        context())
                    .task()
                : dependency);
  }

  ExplainScenario giveBack() {
    return execute(
        new Command.GiveBack(new Reporter(task.run().ref(), CLAIM, "asr-3"), "shutting down"));
  }

  ExplainScenario effectsDone() {
    return execute(
        new Command.EffectsDone(
            task.outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));
  }

  ExplainScenario failedOnce() {
    return claim(false).fail(TaskState.ERROR_PROXY, "no GPU");
  }

  ExplainScenario brokerUnreachable(String reason) {
    brokerError = reason;
    return this;
  }

  ExplainScenario storeUnavailable(String reason) {
    storeError = reason;
    dependenciesKnown = false;
    return this;
  }

  ExplainScenario withoutProtocol() {
    policy = null;
    return this;
  }

  /** Adds a dependency that has executed these commands. */
  ExplainScenario dependency(String key, Command... commands) {
    // The id that the task knows: given at its submission, or derived from the document.
    TaskId id =
        task.dependsOn().stream()
            .filter(known -> known.key().value().equals(key))
            .map(known -> known.id())
            .findFirst()
            .orElse(new TaskId("id-" + key));
    Task dependency =
        TaskMachine.create(
            id,
            task.spec().forDependency(new TaskKey(key), Map.of()),
            List.of(),
            null,
            context().withProtocol("docket"));
    for (Command command : commands) {
      dependency = TaskMachine.apply(dependency, command, created().policy, context()).task();
    }
    dependencies.put(dependency.id(), dependency);
    return this;
  }

  ExplainScenario notified(String key, TaskState state, int attempt) {
    TaskId id = new TaskId("id-" + key);
    return execute(new Command.DependencyFailed(id, new TaskKey(key), attempt, state));
  }

  ExplainScenario queues(Census.Queue... all) {
    queues = new Evidence.Queues(EXCHANGE, List.of(all), null, null);
    return this;
  }

  ExplainScenario queuesAfterRejection(Instant rejectedAt, Census.Queue... all) {
    queues = new Evidence.Queues(EXCHANGE, List.of(all), null, rejectedAt);
    return this;
  }

  /** The same queue, with limits that a policy sets. */
  static Census.Queue limited(Census.Queue queue, String... settings) {
    List<QueueLimit> limits = new ArrayList<>();
    for (int i = 0; i < settings.length; i += 2) {
      limits.add(new QueueLimit(settings[i], settings[i + 1], "policy \"p\""));
    }
    return new Census.Queue(
        queue.name(),
        queue.ready(),
        queue.unacknowledged(),
        queue.consumers(),
        queue.bindings(),
        true,
        limits);
  }

  ExplainScenario withoutStatistics(String reason) {
    queues = new Evidence.Queues(EXCHANGE, List.of(), reason, null);
    return this;
  }

  ExplainScenario position(long ahead, Long... recentRunMs) {
    position = new Evidence.QueuePosition(ahead, List.of(recentRunMs));
    return this;
  }

  /** The workers of the task's route; null slots are unknown. */
  ExplainScenario workers(int count, @Nullable Integer slots, int taken) {
    workers = new Occupancy(count, slots, taken, count == 0 ? null : now.minusSeconds(4));
    return this;
  }

  static Census.Queue queue(
      TargetType type, String key, long ready, long unacknowledged, int consumers) {
    return queue("docket.v1." + key + "." + type.wire(), type.wire() + "." + key)
        .with(ready, unacknowledged, consumers);
  }

  interface QueueWithoutStatistics {
    Census.Queue with(long ready, long unacknowledged, int consumers);
  }

  static QueueWithoutStatistics queue(String name, String pattern) {
    return (ready, unacknowledged, consumers) ->
        new Census.Queue(
            name,
            ready,
            unacknowledged,
            consumers,
            List.of(new Census.Binding(EXCHANGE, pattern)),
            true,
            List.of());
  }

  ExplainScenario limits(KeyLimits ofKey) {
    limits = ofKey;
    return this;
  }

  Explanation explain() {
    Evidence evidence =
        new Evidence(
            policy,
            limits,
            brokerError,
            storeError,
            dependenciesKnown ? dependencies : null,
            queues,
            position,
            workers);
    return Explainer.explain(task, evidence, now);
  }
}
