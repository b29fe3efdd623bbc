package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Moment;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.TaskMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happened to a task, and what is known around it. */
final class Story {

  static final Instant START = Instant.parse("2026-03-01T10:00:00.000Z");
  static final String CLAIM = "claim-id-of-the-worker";
  static final String EXCHANGE = "docket-exchange";

  Instant now = START;
  Task task;
  private @Nullable Policy policy;
  private @Nullable String broker;
  private @Nullable String store;
  private final Map<TaskId, Task> others = new HashMap<>();
  private boolean othersKnown = true;
  private Evidence.@Nullable Queues queues;
  private Evidence.@Nullable Line line;
  private int tokens;

  private Story(Policy.Way way, OnDependencyFailure rule, @Nullable Instant due, String... needs) {
    policy =
        new Policy(
            "docket",
            way,
            3,
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            60,
            Duration.ofHours(1),
            Duration.ofDays(7));
    List<Effect.Needed> needed = new ArrayList<>();
    for (String need : needs) {
      needed.add(new Effect.Needed(new TaskId("id-" + need), new TaskKey(need), null));
    }
    task = TaskMachine.create(new TaskId("t"), spec("ASR", rule), needed, due, moment());
  }

  private static TaskSpec spec(String key, OnDependencyFailure rule) {
    return new TaskSpec(
        TaskSpec.DocumentCopy.of(DocumentSamples.document()),
        new TaskKey(key),
        Map.of(),
        5,
        List.of(),
        "docket",
        null,
        null,
        null,
        rule,
        Map.of(),
        "ann",
        Map.of(),
        null);
  }

  static Story created() {
    return new Story(Policy.Way.CLAIMS, OnDependencyFailure.FAIL, null);
  }

  static Story foreign() {
    return new Story(Policy.Way.ACKNOWLEDGES_LATE, OnDependencyFailure.FAIL, null);
  }

  static Story due(Instant due) {
    return new Story(Policy.Way.CLAIMS, OnDependencyFailure.FAIL, due);
  }

  static Story needing(OnDependencyFailure rule, String... needs) {
    return new Story(Policy.Way.CLAIMS, rule, null, needs).effectsDone();
  }

  static Story queued() {
    return created().confirm();
  }

  static Story running() {
    return queued().after(2).claim(false);
  }

  Moment moment() {
    tokens++;
    return new Moment(now, "%08x".formatted(tokens + 0xcafe0000).repeat(4), 0.5);
  }

  Story tell(Command command) {
    Policy rules = policy == null ? created().policy : policy;
    Decision decision = TaskMachine.apply(task, command, rules, moment());
    if (decision.refused()) {
      throw new AssertionError(command.word() + " was refused: " + decision);
    }
    task = decision.task();
    return this;
  }

  Story after(long seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  Story confirm() {
    return tell(new Command.Confirm(task.attempt(), task.run()));
  }

  Story unroutable() {
    return tell(new Command.Unroutable(task.attempt(), task.run()));
  }

  Story claim(boolean provisional) {
    return tell(new Command.Claim(task.attempt(), task.run(), CLAIM, "asr-3", provisional));
  }

  Story started() {
    return tell(new Command.Started(task.attempt(), task.run(), null, "whisper"));
  }

  Story progress(int percent, String stage) {
    return tell(
        new Command.Progress(task.attempt(), task.run(), CLAIM, "asr-3", percent, stage, "so far"));
  }

  Story complete() {
    return tell(
        new Command.Complete(task.attempt(), task.run(), CLAIM, "asr-3", "done", List.of()));
  }

  Story fail(TaskState state, String why) {
    return tell(
        new Command.Fail(task.attempt(), task.run(), CLAIM, "asr-3", state, why, List.of()));
  }

  Story giveBack() {
    return tell(new Command.GiveBack(task.attempt(), task.run(), CLAIM, "asr-3", "shutting down"));
  }

  Story effectsDone() {
    return tell(
        new Command.EffectsDone(
            task.outbox().stream().map(PendingEffect::id).collect(Collectors.toSet())));
  }

  Story failedOnce() {
    return claim(false).fail(TaskState.ERROR_PROXY, "no GPU");
  }

  Story brokerAway(String why) {
    broker = why;
    return this;
  }

  Story storeAway(String why) {
    store = why;
    othersKnown = false;
    return this;
  }

  Story withoutCourier() {
    policy = null;
    return this;
  }

  /** A task that it depends on, which has gone through this. */
  Story other(String key, Command... commands) {
    Task other =
        TaskMachine.create(
            new TaskId("id-" + key),
            spec(key, OnDependencyFailure.FAIL),
            List.of(),
            null,
            moment());
    for (Command command : commands) {
      other = TaskMachine.apply(other, command, created().policy, moment()).task();
    }
    others.put(other.id(), other);
    return this;
  }

  Story told(String key, TaskState state, int attempt) {
    TaskId id = new TaskId("id-" + key);
    return tell(new Command.DependencyFailed(id, new TaskKey(key), attempt, state));
  }

  Story queues(Census.Queue... all) {
    queues = new Evidence.Queues(EXCHANGE, List.of(all), null);
    return this;
  }

  Story nobodyCounts(String why) {
    queues = new Evidence.Queues(EXCHANGE, List.of(), why);
    return this;
  }

  Story line(long ahead, Long... recent) {
    line = new Evidence.Line(ahead, List.of(recent));
    return this;
  }

  static Census.Queue queue(
      TargetType type, String key, long ready, long unacknowledged, int consumers) {
    return queue("docket.v1." + key + "." + type.wire(), type.wire() + "." + key)
        .apply(ready, unacknowledged, consumers);
  }

  interface Figures {
    Census.Queue apply(long ready, long unacknowledged, int consumers);
  }

  static Figures queue(String name, String pattern) {
    return (ready, unacknowledged, consumers) ->
        new Census.Queue(
            name, ready, unacknowledged, consumers, List.of(new Census.Binding(EXCHANGE, pattern)));
  }

  Explanation explained() {
    Evidence evidence =
        new Evidence(policy, broker, store, othersKnown ? others : null, queues, line);
    return Explainer.explain(task, evidence, now);
  }
}
