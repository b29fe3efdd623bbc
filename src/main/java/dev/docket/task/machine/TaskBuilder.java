package dev.docket.task.machine;

import dev.docket.task.Dependency;
import dev.docket.task.Lease;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A mutable task, used while a command is decided, with the steps that transitions share. */
public final class TaskBuilder {

  /** How long the server that wrote an effect has to perform it before other servers may. */
  static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

  private final Task original;
  private final DecisionContext context;
  private int effectCount;

  private TaskSpec spec;
  public TaskState state;
  public String message;
  public @Nullable Integer progress;
  public @Nullable String stage;
  @Nullable Integer answeredState;
  int attempt;
  String run;
  public int failures;
  int unreportedGrants;
  public @Nullable Instant dueAt;
  public @Nullable Instant dispatchedAt;
  public @Nullable Lease lease;
  @Nullable Instant cancelRequestedAt;
  public @Nullable Instant deletedAt;
  public @Nullable Instant unansweredAfter;
  public List<ResultRun> resultRuns;
  public List<ResultId> saved;
  public List<ResultId> takenBack;
  public List<Dependency> dependsOn;
  boolean waitAny;
  List<TaskId> dependents;
  boolean moreDependents;
  public List<PendingEffect> outbox;
  List<Transition> history;
  public @Nullable Instant queuedAt;
  public @Nullable Instant startedAt;
  public @Nullable Instant finishedAt;
  public @Nullable Long queuedMs;
  public @Nullable Long runMs;

  public TaskBuilder(Task task, DecisionContext context) {
    this.original = task;
    this.context = context;
    spec = task.spec();
    state = task.state();
    message = task.message();
    progress = task.progress();
    stage = task.stage();
    answeredState = task.answeredState();
    attempt = task.attempt();
    run = task.run();
    failures = task.failures();
    unreportedGrants = task.unreportedGrants();
    dueAt = task.dueAt();
    dispatchedAt = task.dispatchedAt();
    lease = task.lease();
    cancelRequestedAt = task.cancelRequestedAt();
    deletedAt = task.deletedAt();
    unansweredAfter = task.unansweredAfter();
    resultRuns = new ArrayList<>(task.resultRuns());
    saved = new ArrayList<>(task.saved());
    takenBack = new ArrayList<>(task.takenBack());
    dependsOn = new ArrayList<>(task.dependsOn());
    waitAny = task.waitAny();
    dependents = new ArrayList<>(task.dependents());
    moreDependents = task.moreDependents();
    outbox = new ArrayList<>(task.outbox());
    history = new ArrayList<>(task.history());
    queuedAt = task.queuedAt();
    startedAt = task.startedAt();
    finishedAt = task.finishedAt();
    queuedMs = task.queuedMs();
    runMs = task.runMs();
  }

  public Instant now() {
    return context.now();
  }

  /** Changes the state and adds a history entry. */
  void transitionTo(TaskState to, String by, @Nullable String text) {
    TaskState from = state;
    state = to;
    message = text == null ? "" : text;
    history.add(new Transition(now(), from, to, attempt, by, text, 1));
    trimHistory();
  }

  /** Adds a history entry without a change of state. */
  public void addHistory(String by, @Nullable String text) {
    history.add(new Transition(now(), state, state, attempt, by, text, 1));
    trimHistory();
  }

  /** Sets the measured times of the run; null if no worker is executing it. */
  void setTimes(@Nullable RunTimes times) {
    if (times != null) {
      startedAt = times.startedAt();
      queuedMs = times.queuedMs();
      runMs = times.runMs();
    }
  }

  /** Closes the current run, so that its later reports are stale, and starts a new one. */
  void startNewRun() {
    deleteSavedResults();
    takenBack.clear();
    attempt++;
    run = context.randomToken();
    lease = null;
    cancelRequestedAt = null;
    unansweredAfter = null;
    progress = null;
    stage = null;
    answeredState = null;
    dueAt = null;
    dispatchedAt = null;
    queuedAt = null;
    startedAt = null;
    finishedAt = null;
    queuedMs = null;
    runMs = null;
    dropEffects(e -> e instanceof Effect.Publish || e instanceof Effect.Wake);
    stopWaitingForAny();
  }

  /** Deletes the results that were saved in a run that does not succeed. */
  private void deleteSavedResults() {
    if (!saved.isEmpty()) {
      add(new Effect.DeleteResults(List.of(ResultRun.saved(attempt, run, saved))));
      saved.clear();
    }
  }

  /** Ends the wait for any task of the document. */
  void stopWaitingForAny() {
    waitAny = false;
    dropEffects(e -> e instanceof Effect.Register register && register.waitsForAny());
  }

  /** Takes the document as it is now, because a run is handed out. */
  void refreshDocument() {
    TaskSpec.DocumentCopy current = context.document();
    if (current != null && spec.document().isOlderThan(current)) {
      spec = spec.with(current);
    }
  }

  /** Schedules publishing of the current run, immediately or at {@code dueAt}. */
  void dispatch() {
    dropEffects(Effect.Publish.class::isInstance);
    Instant dueLater = dueAt;
    if (dueLater == null || !dueLater.isAfter(now())) {
      dueAt = null;
      dispatchedAt = now();
      refreshDocument();
      add(new Effect.Publish(attempt));
    } else {
      add(new Effect.Publish(attempt), dueLater);
    }
  }

  /** Ends the task: releases the lease and notifies dependents. */
  void end(TaskState endState, String by, @Nullable String text) {
    if (startedAt != null && runMs == null) {
      runMs = Math.max(0, Duration.between(startedAt, now()).toMillis());
    }
    if (endState != TaskState.SUCCESS) {
      deleteSavedResults();
    }
    takenBack.clear();
    transitionTo(endState, by, text);
    lease = null;
    cancelRequestedAt = null;
    dueAt = null;
    unansweredAfter = null;
    finishedAt = now();
    dropEffects(Effect.Publish.class::isInstance);
    stopWaitingForAny();
    wake();
  }

  void wake() {
    dropEffects(Effect.Wake.class::isInstance);
    if (!dependents.isEmpty() || moreDependents) {
      add(new Effect.Wake());
    }
  }

  void add(Effect effect) {
    add(effect, now().plus(GRACE_PERIOD));
  }

  private void add(Effect effect, Instant due) {
    outbox.add(
        new PendingEffect(context.randomToken().substring(0, 12) + effectCount++, due, effect));
    outbox.sort(Comparator.comparingInt(pending -> pending.effect().order()));
  }

  void dropEffects(Predicate<Effect> predicate) {
    outbox.removeIf(pending -> predicate.test(pending.effect()));
  }

  /** Counts a refused report, with one history entry for each attempt and command. */
  void countRefusal(int ofAttempt, String by, String text) {
    for (int i = 0; i < history.size(); i++) {
      Transition entry = history.get(i);
      if (entry.from() == entry.to() && entry.attempt() == ofAttempt && entry.by().equals(by)) {
        history.set(
            i,
            new Transition(
                now(), entry.from(), entry.to(), ofAttempt, by, text, entry.count() + 1));
        return;
      }
    }
    history.add(new Transition(now(), state, state, ofAttempt, by, text, 1));
    trimHistory();
  }

  private void trimHistory() {
    if (history.size() > TaskMachine.MAX_HISTORY) {
      history.subList(0, history.size() - TaskMachine.MAX_HISTORY).clear();
    }
  }

  public Task build() {
    return new Task(
        original.id(),
        spec,
        state,
        message,
        progress,
        stage,
        answeredState,
        attempt,
        run,
        failures,
        unreportedGrants,
        dueAt,
        dispatchedAt,
        lease,
        cancelRequestedAt,
        deletedAt,
        unansweredAfter,
        resultRuns,
        saved,
        takenBack,
        dependsOn,
        waitAny,
        dependents,
        moreDependents,
        outbox,
        history,
        original.createdAt(),
        queuedAt,
        startedAt,
        finishedAt,
        now(),
        queuedMs,
        runMs);
  }
}
