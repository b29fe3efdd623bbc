package dev.docket.task;

import dev.docket.task.machine.TaskMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The current run of a task: all that a new run resets, and the two numbers that it carries over.
 *
 * @param attempt the attempt number, from 1; never decreases
 * @param token the random token; sent to the worker and shown to no other reader
 * @param protocol the worker protocol, see {@link Policy#protocol()}
 * @param failures the number of failed runs since the last retry, forceretry or reset; {@code
 *     max_attempts} limits it
 * @param unreportedGrants the number of runs in a row that a poll granted and no worker reported
 *     on; less than {@value TaskMachine#MAX_UNREPORTED_GRANTS}
 * @param dueAt the task is not dispatched before this time
 * @param dispatchedAt when the message was last published
 * @param queuedAt when the message was first published
 * @param startedAt when the run started: the claim, or later if its worker has reported that
 * @param unansweredAfter when the server gives the run up if no worker claimed it or replied
 * @param cancelRequestedAt since when the worker is asked to stop
 * @param queuedMs how long the run waited for its worker, and in it for a free slot, in
 *     milliseconds
 * @param runMs how long the run took, in milliseconds; measured by the worker if it can
 * @param lease null if no worker holds one
 * @param limitedSince since when the run waits because the limits of its key do not permit it yet;
 *     null if it does not
 * @param admission the admission of a run of a limited key that is handed out; null if it needs
 *     none
 * @param progress percentage; null before the first progress report
 * @param stage what the worker is doing, as it reported
 * @param answeredState the number with which the worker ended the run, if its protocol has state
 *     numbers of its own; null before the end
 * @param saved the results that a worker that does not claim has saved; readers do not see them
 *     before the run succeeds
 * @param takenBack results that the worker has saved and deleted again; their ids are not used
 *     again, because a deletion may still be in progress
 */
public record Run(
    int attempt,
    String token,
    String protocol,
    int failures,
    int unreportedGrants,
    @Nullable Instant dueAt,
    @Nullable Instant dispatchedAt,
    @Nullable Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant unansweredAfter,
    @Nullable Instant cancelRequestedAt,
    @Nullable Long queuedMs,
    @Nullable Long runMs,
    @Nullable Lease lease,
    @Nullable Instant limitedSince,
    @Nullable Admission admission,
    @Nullable Integer progress,
    @Nullable String stage,
    @Nullable Integer answeredState,
    List<ResultId> saved,
    List<ResultId> takenBack) {

  /** The protocol of runs that people do: nothing is sent, and a claim does not expire. */
  public static final String MANUAL = "manual";

  public Run {
    saved = List.copyOf(saved);
    takenBack = List.copyOf(takenBack);
  }

  /** A run that has not been dispatched, of a task without failures. */
  public static Run unstarted(int attempt, String token, String protocol) {
    return unstarted(attempt, token, protocol, 0, 0);
  }

  /** The run after this one. */
  public Run next(String nextToken, String nextProtocol) {
    return unstarted(attempt + 1, nextToken, nextProtocol, failures, unreportedGrants);
  }

  private static Run unstarted(
      int attempt, String token, String protocol, int failures, int unreportedGrants) {
    Builder unstarted = new Builder(attempt, token, protocol);
    unstarted.failures = failures;
    unstarted.unreportedGrants = unreportedGrants;
    return unstarted.build();
  }

  /** Whether a person does the run. */
  public boolean isManual() {
    return protocol.equals(MANUAL);
  }

  public RunRef ref() {
    return new RunRef(attempt, token);
  }

  /** The results that were saved before the end of the run. */
  public ResultRun savedResults() {
    return ResultRun.saved(attempt, token, saved);
  }

  /** A mutable run, used while a command is decided. */
  public static final class Builder {

    public final int attempt;
    public final String token;
    public String protocol;
    public int failures;
    public int unreportedGrants;
    public @Nullable Instant dueAt;
    public @Nullable Instant dispatchedAt;
    public @Nullable Instant queuedAt;
    public @Nullable Instant startedAt;
    public @Nullable Instant finishedAt;
    public @Nullable Instant unansweredAfter;
    public @Nullable Instant cancelRequestedAt;
    public @Nullable Long queuedMs;
    public @Nullable Long runMs;
    public @Nullable Lease lease;
    public @Nullable Instant limitedSince;
    public @Nullable Admission admission;
    public @Nullable Integer progress;
    public @Nullable String stage;
    public @Nullable Integer answeredState;
    public final List<ResultId> saved = new ArrayList<>();
    public final List<ResultId> takenBack = new ArrayList<>();

    private Builder(int attempt, String token, String protocol) {
      this.attempt = attempt;
      this.token = token;
      this.protocol = protocol;
    }

    public Builder(Run run) {
      this(run.attempt(), run.token(), run.protocol());
      failures = run.failures();
      unreportedGrants = run.unreportedGrants();
      dueAt = run.dueAt();
      dispatchedAt = run.dispatchedAt();
      queuedAt = run.queuedAt();
      startedAt = run.startedAt();
      finishedAt = run.finishedAt();
      unansweredAfter = run.unansweredAfter();
      cancelRequestedAt = run.cancelRequestedAt();
      queuedMs = run.queuedMs();
      runMs = run.runMs();
      lease = run.lease();
      limitedSince = run.limitedSince();
      admission = run.admission();
      progress = run.progress();
      stage = run.stage();
      answeredState = run.answeredState();
      saved.addAll(run.saved());
      takenBack.addAll(run.takenBack());
    }

    /** Whether a person does the run. */
    public boolean isManual() {
      return protocol.equals(MANUAL);
    }

    public Run build() {
      return new Run(
          attempt,
          token,
          protocol,
          failures,
          unreportedGrants,
          dueAt,
          dispatchedAt,
          queuedAt,
          startedAt,
          finishedAt,
          unansweredAfter,
          cancelRequestedAt,
          queuedMs,
          runMs,
          lease,
          limitedSince,
          admission,
          progress,
          stage,
          answeredState,
          saved,
          takenBack);
    }
  }
}
