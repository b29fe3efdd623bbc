package dev.docket.task.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.task.KeyLimits;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultRun;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Test driver for one task: keeps the task and a clock, executes commands on the task, and creates
 * the commands of broker and worker for its current run.
 */
public final class TaskScenario {

  public static final Instant START = Instant.parse("2026-03-01T10:00:00.000Z");
  static final TaskKey KEY = new TaskKey("ASR");
  static final int KEPT_RUNS = 2;
  public static final Policy CLAIMS = policy(Policy.AckMode.CLAIMS);
  static final Policy LATE_ACK = policy(Policy.AckMode.ACKNOWLEDGES_LATE);
  public static final Effect.NeededTask TASK_A = neededTask("a", "A");
  static final Effect.NeededTask TASK_B = neededTask("b", "B");

  final Policy policy;
  Instant now = START;
  public Task task;

  /** The limits of the key. */
  KeyLimits limits;

  /** The protocol of the next run; null for that of the current one. */
  String nextProtocol;

  private int tokens;

  private TaskScenario(
      Policy policy, TaskSpec spec, List<Effect.NeededTask> needed, Instant dueAt) {
    this(policy, KeyLimits.NONE, spec, needed, dueAt);
  }

  private TaskScenario(
      Policy policy,
      KeyLimits limits,
      TaskSpec spec,
      List<Effect.NeededTask> needed,
      Instant dueAt) {
    this.policy = policy;
    this.limits = limits;
    this.task = TaskMachine.create(new TaskId("t"), spec, needed, dueAt, context());
  }

  static Policy policy(Policy.AckMode ackMode) {
    return new Policy(
        "docket",
        ackMode,
        3,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        60,
        Duration.ofHours(1),
        Duration.ofDays(7),
        KEPT_RUNS);
  }

  static TaskSpec spec(OnDependencyFailure rule) {
    return spec(rule, "docket");
  }

  private static TaskSpec spec(OnDependencyFailure rule, String protocol) {
    return TaskSpec.builder(
            new TaskSpec.DocumentCopy(
                new DocumentId("d"),
                new Target("film", "http://archive/film", TargetType.VIDEO, Map.of()),
                new Creator("archive", CreatorType.ORGANIZATION, null, Map.of()),
                START,
                START,
                Document.FIRST_VERSION),
            KEY,
            protocol,
            "ann")
        .onDependencyFailure(rule)
        .build();
  }

  static Effect.NeededTask neededTask(String id, String key) {
    return new Effect.NeededTask(new TaskId(id), new TaskKey(key), null);
  }

  public static List<ResultDraft> results(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ResultDraft(JsonNodeFactory.instance.numberNode(i), Map.of()))
        .toList();
  }

  static TaskScenario of(
      Policy policy, OnDependencyFailure rule, List<Effect.NeededTask> needed, Instant dueAt) {
    return new TaskScenario(policy, spec(rule), needed, dueAt);
  }

  /** A task that people do. */
  static TaskScenario manual(Effect.NeededTask... needed) {
    return manual(OnDependencyFailure.FAIL, List.of(needed), null);
  }

  static TaskScenario manual(
      OnDependencyFailure rule, List<Effect.NeededTask> needed, Instant dueAt) {
    return new TaskScenario(CLAIMS, spec(rule, Run.MANUAL), needed, dueAt);
  }

  /** A task of a key with limits. */
  static TaskScenario limited(Policy policy, KeyLimits limits) {
    return new TaskScenario(policy, limits, spec(OnDependencyFailure.FAIL), List.of(), null);
  }

  /** A task of a manual key with limits. */
  static TaskScenario limitedManual(KeyLimits limits) {
    return new TaskScenario(
        CLAIMS, limits, spec(OnDependencyFailure.FAIL, Run.MANUAL), List.of(), null);
  }

  public static TaskScenario created() {
    return created(CLAIMS);
  }

  public static TaskScenario created(Policy policy) {
    return of(policy, OnDependencyFailure.FAIL, List.of(), null);
  }

  public static TaskScenario delayedUntil(Instant dueAt, Effect.NeededTask... needed) {
    return of(CLAIMS, OnDependencyFailure.FAIL, List.of(needed), dueAt);
  }

  static TaskScenario waiting(OnDependencyFailure rule, Effect.NeededTask... needed) {
    return of(CLAIMS, rule, List.of(needed), null);
  }

  public static TaskScenario queued() {
    return created().apply(TaskScenario::confirm);
  }

  static TaskScenario unroutable() {
    return created().apply(TaskScenario::noRoute);
  }

  public static TaskScenario running() {
    return queued().apply(s -> s.claim("c1"));
  }

  /** A running task whose worker holds no lease. */
  static TaskScenario startedWithoutLease() {
    return created(LATE_ACK).apply(TaskScenario::confirm).apply(TaskScenario::started);
  }

  public static TaskScenario succeeded(int results) {
    return running().apply(s -> s.complete(results));
  }

  static TaskScenario failed() {
    return running().apply(s -> s.fail(TaskState.ERROR));
  }

  /** Creates a command for the current state of a scenario. */
  interface CommandFactory {
    Command create(TaskScenario scenario);
  }

  TaskScenario apply(CommandFactory factory) {
    assertChanged(factory.create(this));
    return this;
  }

  TaskScenario advance(Duration time) {
    now = now.plus(time);
    return this;
  }

  DecisionContext context() {
    tokens++;
    DecisionContext context = new DecisionContext(now, "%08x".formatted(tokens).repeat(4), 0.5);
    DecisionContext limited = context.withLimits(limits);
    return nextProtocol == null ? limited : limited.withProtocol(nextProtocol);
  }

  Decision execute(Command command) {
    Decision decision = TaskMachine.apply(task, command, policy, context());
    if (decision instanceof Decision.Refused refused && refused.updated() != null) {
      task = refused.updated();
    } else {
      task = decision.task();
    }
    return decision;
  }

  /** Executes a command that must change the task, and returns the changed task. */
  Task assertChanged(Command command) {
    assertThat(execute(command)).as(command.label()).isInstanceOf(Decision.Changed.class);
    return task;
  }

  void assertUnchanged(Command command) {
    Task before = task;
    assertThat(execute(command)).as(command.label()).isInstanceOf(Decision.Unchanged.class);
    assertThat(task).isEqualTo(before);
  }

  Decision.Refused assertRefused(Command command) {
    Decision decision = execute(command);
    assertThat(decision).as(command.label()).isInstanceOf(Decision.Refused.class);
    return (Decision.Refused) decision;
  }

  Command confirm() {
    return new Command.Confirm(task.run().ref());
  }

  Command noRoute() {
    return new Command.Unroutable(task.run().ref());
  }

  public Command claim(String claimId) {
    return Command.Claim.byWorker(reporter(claimId), null);
  }

  Command started() {
    return new Command.Started(reporter(claimId()), null);
  }

  public Command heartbeat() {
    return new Command.Heartbeat(reporter(claimId()));
  }

  public Command progress(Integer percent, String stage, String message) {
    return new Command.Progress(reporter(claimId()), percent, stage, message);
  }

  public Command complete(int results) {
    return new Command.Complete(reporter(claimId()), RunEnd.of("well"), results(results), null);
  }

  public Command fail(TaskState state, Effect.NeededTask... needed) {
    return Command.Fail.of(reporter(claimId()), state, RunEnd.of("why"), List.of(needed));
  }

  Command giveBack() {
    return new Command.GiveBack(reporter(claimId()), "not me");
  }

  Command cancelConfirmed() {
    return new Command.CancelConfirmed(reporter(claimId()), RunTiming.UNKNOWN);
  }

  private Reporter reporter(String claimId) {
    return new Reporter(task.run().ref(), claimId, "w");
  }

  private String claimId() {
    return policy.ackMode() == Policy.AckMode.CLAIMS ? "c1" : null;
  }

  public static Command dependencyDone(Effect.NeededTask dependency, int attempt) {
    return new Command.DependencyDone(dependency.id(), dependency.key(), attempt);
  }

  static Command dependencyFailed(Effect.NeededTask dependency, int attempt) {
    TaskState end = attempt == Command.GONE_ATTEMPT ? TaskState.NOT_FOUND : TaskState.ERROR;
    return new Command.DependencyFailed(dependency.id(), dependency.key(), attempt, end);
  }

  /** The listed results of the current run, if it submits this many and has saved none. */
  ResultRun submitted(int count) {
    return new ResultRun(task.run().attempt(), task.run().token(), claimId(), count, List.of());
  }

  /** The pending effects of a kind. */
  <E extends Effect> List<E> effects(Class<E> kind) {
    return task.outbox().stream()
        .map(PendingEffect::effect)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  PendingEffect pendingEffect(Class<? extends Effect> kind) {
    return pendingEffects(kind).get(0);
  }

  List<PendingEffect> pendingEffects(Class<? extends Effect> kind) {
    return task.outbox().stream().filter(p -> kind.isInstance(p.effect())).toList();
  }

  Command effectDone(Class<? extends Effect> kind) {
    return new Command.EffectsDone(Set.of(pendingEffect(kind).id()));
  }

  Transition lastTransition() {
    return task.history().get(task.history().size() - 1);
  }
}
