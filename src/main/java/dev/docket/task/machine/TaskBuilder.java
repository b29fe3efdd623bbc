package dev.docket.task.machine;

import dev.docket.task.Admission;
import dev.docket.task.Dependency;
import dev.docket.task.ResultRun;
import dev.docket.task.Run;
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
  public Run.Builder run;
  public @Nullable Instant deletedAt;
  public List<ResultRun> resultRuns;
  public List<Dependency> dependsOn;
  boolean waitAny;
  List<TaskId> dependents;
  boolean moreDependents;
  public List<PendingEffect> outbox;
  List<Transition> history;

  public TaskBuilder(Task task, DecisionContext context) {
    this.original = task;
    this.context = context;
    spec = task.spec();
    state = task.state();
    message = task.message();
    run = new Run.Builder(task.run());
    deletedAt = task.deletedAt();
    resultRuns = new ArrayList<>(task.resultRuns());
    dependsOn = new ArrayList<>(task.dependsOn());
    waitAny = task.waitAny();
    dependents = new ArrayList<>(task.dependents());
    moreDependents = task.moreDependents();
    outbox = new ArrayList<>(task.outbox());
    history = new ArrayList<>(task.history());
  }

  public Instant now() {
    return context.now();
  }

  /** Changes the state and adds a history entry. */
  void transitionTo(TaskState to, String by, @Nullable String text) {
    TaskState from = state;
    state = to;
    message = text == null ? "" : text;
    history.add(new Transition(now(), from, to, run.attempt, by, text, 1, context.principal()));
    trimHistory();
  }

  /** Adds a history entry without a change of state. */
  public void addHistory(String by, @Nullable String text) {
    history.add(new Transition(now(), state, state, run.attempt, by, text, 1, context.principal()));
    trimHistory();
  }

  /** Sets the measured times of the run; null if no worker is executing it. */
  void setTimes(@Nullable RunTimes times) {
    if (times != null) {
      run.startedAt = times.startedAt();
      run.queuedMs = times.queuedMs();
      run.runMs = times.runMs();
    }
  }

  /** Ends the admission of the run, and its wait for one. */
  void endAdmission() {
    run.limitedSince = null;
    releaseSlot();
    run.admission = null;
  }

  /** Releases the slot of the run, which stays admitted where the key has no slots. */
  void releaseSlot() {
    Admission admission = run.admission;
    if (admission != null && admission.slot() != null) {
      add(new Effect.ReleaseSlot(admission));
      run.admission = new Admission(admission.id(), null);
    }
  }

  /**
   * Lets the run wait until the limits of its key permit it, in state 201 (or 205). Its message, if
   * there is one, is dropped by the worker that claims it.
   */
  void waitForAdmission(String by) {
    endAdmission();
    dropEffects(Effect.Publish.class::isInstance);
    run.limitedSince = now();
    // The due time of a task that people do is only for display.
    if (!run.isManual()) {
      run.dueAt = null;
    }
    run.dispatchedAt = null;
    run.queuedAt = null;
    run.unansweredAfter = null;
    if (state == TaskState.QUEUED || state == TaskState.NO_ROUTE_TO_QUEUE) {
      transitionTo(TaskState.CREATED, by, "waits: " + context.limits().reason());
    }
  }

  /** Closes the current run, so that its later reports are stale, and starts a new one. */
  void startNewRun() {
    deleteSavedResults();
    endAdmission();
    String protocol = context.protocol() == null ? run.protocol : context.protocol();
    run = new Run.Builder(run.build().next(context.randomToken(), protocol));
    dropEffects(e -> e instanceof Effect.Publish || e instanceof Effect.Wake);
    stopWaitingForAny();
  }

  /** Deletes the results that were saved in a run that does not succeed. */
  private void deleteSavedResults() {
    if (!run.saved.isEmpty()) {
      add(new Effect.DeleteResults(List.of(run.build().savedResults())));
      run.saved.clear();
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

  /**
   * Schedules publishing of the current run, immediately or at {@code dueAt}, by the protocol that
   * its key has now if no worker can have its message. If the limits of the key do not permit the
   * run, it waits until it is admitted. A run that people do is open at once instead; the effect
   * only ends its wait for any task of the document.
   */
  void dispatch() {
    dropEffects(Effect.Publish.class::isInstance);
    if (run.dispatchedAt == null && context.protocol() != null) {
      run.protocol = context.protocol();
    }
    Instant due = run.dueAt;
    boolean openToPeople = run.isManual() && !waitAny;
    if (due != null && due.isAfter(now()) && !openToPeople) {
      add(new Effect.Publish(run.attempt), due);
      return;
    }
    if (!context.limits().permit(run.admission)) {
      waitForAdmission("limit");
      return;
    }
    run.limitedSince = null;
    if (openToPeople) {
      run.queuedAt = now();
      return;
    }
    run.dueAt = null;
    run.dispatchedAt = now();
    refreshDocument();
    add(new Effect.Publish(run.attempt));
  }

  /** Ends the task: releases the lease and notifies dependents. */
  void end(TaskState endState, String by, @Nullable String text) {
    if (run.startedAt != null && run.runMs == null) {
      run.runMs = Math.max(0, Duration.between(run.startedAt, now()).toMillis());
    }
    if (endState != TaskState.SUCCESS) {
      deleteSavedResults();
    }
    run.takenBack.clear();
    endAdmission();
    transitionTo(endState, by, text);
    run.lease = null;
    run.cancelRequestedAt = null;
    run.dueAt = null;
    run.unansweredAfter = null;
    run.finishedAt = now();
    dropEffects(Effect.Publish.class::isInstance);
    stopWaitingForAny();
    wake();
  }

  void wake() {
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
                now(),
                entry.from(),
                entry.to(),
                ofAttempt,
                by,
                text,
                entry.count() + 1,
                context.principal()));
        return;
      }
    }
    history.add(new Transition(now(), state, state, ofAttempt, by, text, 1, context.principal()));
    trimHistory();
  }

  private void trimHistory() {
    history.subList(0, Math.max(0, history.size() - TaskMachine.MAX_HISTORY)).clear();
  }

  public Task build() {
    return new Task(
        original.id(),
        spec,
        state,
        message,
        run.build(),
        deletedAt,
        resultRuns,
        dependsOn,
        waitAny,
        dependents,
        moreDependents,
        outbox,
        history,
        original.createdAt(),
        now());
  }
}
