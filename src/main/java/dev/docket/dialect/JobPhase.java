package dev.docket.dialect;

import dev.docket.task.Task;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The phases of a task that the APIs of other systems distinguish. Each dialect translates them to
 * its own words in one {@code switch}. DANE's does not: its states are Docket's own.
 */
public enum JobPhase {
  /** Waits for other tasks. */
  WAITING,
  /** Waits for a worker. */
  PENDING,
  /** Waits for a worker, and no queue takes its message yet. */
  UNROUTABLE,
  /** Waits for its next attempt after a failed one. */
  RETRYING,
  /**
   * Runs; its worker tries again by itself, as Celery's does, and reports {@link #STAGE_RETRYING}.
   */
  WORKER_RETRYING,
  /** Runs; its worker has reported no percentage. */
  STARTED,
  /** Runs; its worker has reported a percentage, see {@link dev.docket.task.Run#progress}. */
  PROGRESS,
  /** Runs; its worker reads the inputs, and reports {@link #STAGE_FETCHING}. */
  FETCHING,
  /** Runs; its worker hands in the outputs, and reports {@link #STAGE_STORING}. */
  STORING,
  SUCCEEDED,
  /** Ended by a failure that its worker reported, see {@link #failureCode}. */
  FAILED,
  TIMED_OUT,
  /** Ended because a task that it depends on failed. */
  DEPENDENCY_FAILED,
  CANCELLED,
  /** Being deleted, by retention or by a client. Afterwards there is no task to ask about. */
  EXPIRED;

  /** The stage of a run whose worker reads the inputs. */
  public static final String STAGE_FETCHING = "fetching";

  /** The stage of a run whose worker hands in the outputs. */
  public static final String STAGE_STORING = "storing";

  /** The stage of a run whose worker tries again by itself. */
  public static final String STAGE_RETRYING = "retrying";

  /** The phase of a task. */
  public static JobPhase of(Task task) {
    if (task.deleted()) {
      return EXPIRED;
    }
    return switch (task.state()) {
      case UNFINISHED_DEPENDENCY -> WAITING;
      case CREATED -> task.run().failures() > 0 ? RETRYING : PENDING;
      case QUEUED, TASK_RESET -> PENDING;
      case NO_ROUTE_TO_QUEUE -> UNROUTABLE;
      case PROCESSING -> running(task);
      case SUCCESS -> SUCCEEDED;
      case BAD_REQUEST, ACCESS_DENIED, NOT_FOUND, ERROR, ERROR_INVALID_INPUT, ERROR_PROXY -> FAILED;
      case TIMED_OUT -> TIMED_OUT;
      case FAILED_DEPENDENCY -> DEPENDENCY_FAILED;
      case CANCELLED -> CANCELLED;
    };
  }

  private static JobPhase running(Task task) {
    String stage = task.run().stage();
    return switch (stage == null ? "" : stage.toLowerCase(Locale.ROOT)) {
      case STAGE_FETCHING -> FETCHING;
      case STAGE_STORING -> STORING;
      case STAGE_RETRYING -> WORKER_RETRYING;
      default -> task.run().progress() == null ? STARTED : PROGRESS;
    };
  }

  /**
   * The number of a failure: the one that the worker gave, if its protocol has numbers, otherwise
   * that of the task's state. Null unless the phase is {@link #FAILED}.
   */
  public static @Nullable Integer failureCode(Task task) {
    if (of(task) != FAILED) {
      return null;
    }
    Integer answered = task.run().answeredState();
    return answered == null ? (Integer) task.state().number() : answered;
  }
}
