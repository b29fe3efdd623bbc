package dev.docket.task.machine;

import dev.docket.task.Dependency;
import dev.docket.task.Lease;
import dev.docket.task.RunResults;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import dev.docket.task.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A task while the machine works on it: the same fields, open, and the steps that moves share. */
public final class TaskBuilder {

  /** How long whoever wrote an effect has to do it before others may. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private final Task old;
  private final DecisionContext context;
  private int effectsMade;

  public TaskState state;
  public String message;
  public @Nullable Integer progress;
  public @Nullable String stage;
  int attempt;
  String run;
  public int failures;
  public @Nullable Instant dueAt;
  public @Nullable Instant dispatchedAt;
  public @Nullable Lease lease;
  @Nullable Instant cancelRequestedAt;
  public @Nullable Instant deletedAt;
  public @Nullable Instant unansweredAfter;
  public @Nullable RunResults results;
  int saved;
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
    this.old = task;
    this.context = context;
    state = task.state();
    message = task.message();
    progress = task.progress();
    stage = task.stage();
    attempt = task.attempt();
    run = task.run();
    failures = task.failures();
    dueAt = task.dueAt();
    dispatchedAt = task.dispatchedAt();
    lease = task.lease();
    cancelRequestedAt = task.cancelRequestedAt();
    deletedAt = task.deletedAt();
    unansweredAfter = task.unansweredAfter();
    results = task.results();
    saved = task.saved();
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

  /** To another state, with a line in the history. */
  void move(TaskState to, String by, @Nullable String why) {
    TaskState from = state;
    state = to;
    message = why == null ? "" : why;
    history.add(new Transition(now(), from, to, attempt, by, why, 1));
    trimHistory();
  }

  /** A line in the history that is no move. */
  public void note(String by, @Nullable String why) {
    history.add(new Transition(now(), state, state, attempt, by, why, 1));
    trimHistory();
  }

  /** Closes the current run: whatever still comes from it is late. */
  void newRun() {
    dropSaved();
    attempt++;
    run = context.fresh();
    lease = null;
    cancelRequestedAt = null;
    unansweredAfter = null;
    progress = null;
    stage = null;
    dueAt = null;
    dispatchedAt = null;
    queuedAt = null;
    startedAt = null;
    finishedAt = null;
    queuedMs = null;
    runMs = null;
    // A revocation could only name the new run.
    dropEffects(
        e -> e instanceof Effect.Publish || e instanceof Effect.Wake || e instanceof Effect.Revoke);
    stopWaiting();
  }

  /** What was saved in the hope of a success that does not come. */
  private void dropSaved() {
    if (saved > 0) {
      add(new Effect.DeleteResults(List.of(new RunResults(attempt, run, saved))));
      saved = 0;
    }
  }

  /** Whatever succeeds on the document: it is not waited for any more. */
  void stopWaiting() {
    waitAny = false;
    dropEffects(e -> e instanceof Effect.Register register && register.withAny());
  }

  /** To the broker at once, or at {@code dueAt}. */
  void dispatch() {
    dropEffects(Effect.Publish.class::isInstance);
    Instant later = dueAt;
    if (later == null || !later.isAfter(now())) {
      dueAt = null;
      dispatchedAt = now();
      add(new Effect.Publish(attempt));
    } else {
      add(new Effect.Publish(attempt), later);
    }
  }

  /** To an end state: the lease is over, and who waits for it is told. */
  void end(TaskState how, String by, @Nullable String why) {
    if (startedAt != null) {
      runMs = Math.max(0, Duration.between(startedAt, now()).toMillis());
    }
    if (how != TaskState.SUCCESS) {
      dropSaved();
    }
    move(how, by, why);
    lease = null;
    cancelRequestedAt = null;
    dueAt = null;
    unansweredAfter = null;
    finishedAt = now();
    dropEffects(Effect.Publish.class::isInstance);
    stopWaiting();
    wake();
    if (!old.spec().callback().isEmpty()) {
      add(new Effect.Callback(attempt));
    }
  }

  void wake() {
    dropEffects(Effect.Wake.class::isInstance);
    if (!dependents.isEmpty() || moreDependents) {
      add(new Effect.Wake());
    }
  }

  void add(Effect effect) {
    add(effect, now().plus(GRACE));
  }

  private void add(Effect effect, Instant due) {
    outbox.add(new PendingEffect(context.fresh().substring(0, 12) + effectsMade++, due, effect));
    outbox.sort(Comparator.comparingInt(pending -> pending.effect().order()));
  }

  void dropEffects(Predicate<Effect> which) {
    outbox.removeIf(pending -> which.test(pending.effect()));
  }

  /** Counts a refused late answer: one entry for each run and command. */
  void countRefusal(int ofAttempt, String by, String why) {
    for (int i = 0; i < history.size(); i++) {
      Transition line = history.get(i);
      if (line.from() == line.to() && line.attempt() == ofAttempt && line.by().equals(by)) {
        history.set(
            i, new Transition(now(), line.from(), line.to(), ofAttempt, by, why, line.count() + 1));
        return;
      }
    }
    history.add(new Transition(now(), state, state, ofAttempt, by, why, 1));
    trimHistory();
  }

  /** The oldest go first. */
  private void trimHistory() {
    if (history.size() > TaskMachine.MAX_HISTORY) {
      history.subList(0, history.size() - TaskMachine.MAX_HISTORY).clear();
    }
  }

  public Task done() {
    return new Task(
        old.id(),
        old.spec(),
        state,
        message,
        progress,
        stage,
        attempt,
        run,
        failures,
        dueAt,
        dispatchedAt,
        lease,
        cancelRequestedAt,
        deletedAt,
        unansweredAfter,
        results,
        saved,
        dependsOn,
        waitAny,
        dependents,
        moreDependents,
        outbox,
        history,
        old.createdAt(),
        queuedAt,
        startedAt,
        finishedAt,
        now(),
        queuedMs,
        runMs);
  }
}
