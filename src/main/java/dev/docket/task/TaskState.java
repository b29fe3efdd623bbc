package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The state of a task. The numbers are those of DANE, which uses HTTP status codes. Unlike DANE,
 * Docket distinguishes 202 from 102; 408, 424 and 499 are additions. A task that will be retried
 * after a failed run is {@link #CREATED} with a due time, so every failed state is an end state.
 */
public enum TaskState {
  PROCESSING(102, Phase.RUNNING),
  SUCCESS(200, Phase.FINISHED),
  CREATED(201, Phase.WAITING),
  QUEUED(202, Phase.WAITING),
  TASK_RESET(205, Phase.WAITING),
  BAD_REQUEST(400, Phase.FINISHED),
  ACCESS_DENIED(403, Phase.FINISHED),
  NOT_FOUND(404, Phase.FINISHED),
  TIMED_OUT(408, Phase.FINISHED),
  UNFINISHED_DEPENDENCY(412, Phase.WAITING),
  NO_ROUTE_TO_QUEUE(422, Phase.WAITING),
  FAILED_DEPENDENCY(424, Phase.FINISHED),
  CANCELLED(499, Phase.FINISHED),
  ERROR(500, Phase.FINISHED),
  ERROR_INVALID_INPUT(502, Phase.FINISHED),
  ERROR_PROXY(503, Phase.FINISHED);

  private enum Phase {
    WAITING,
    RUNNING,
    FINISHED
  }

  private static final Map<Integer, TaskState> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toMap(s -> s.number, Function.identity()));

  private final int number;
  private final Phase phase;

  TaskState(int number, Phase phase) {
    this.number = number;
    this.phase = phase;
  }

  /** The number that represents the state on the wire and in the store. */
  @JsonValue
  public int number() {
    return number;
  }

  /** Whether this is an end state, which only a retry, a reset or a dependency can change. */
  public boolean isFinished() {
    return phase == Phase.FINISHED;
  }

  /** Whether this is an end state without success. */
  public boolean isFailed() {
    return isFinished() && this != SUCCESS;
  }

  /** Whether the broker has, or may soon have, a message of the task, so that workers may claim. */
  public boolean isClaimable() {
    return this == CREATED || this == QUEUED || this == TASK_RESET || this == NO_ROUTE_TO_QUEUE;
  }

  /** Whether a worker may report this state as the failure of its run. */
  public boolean isWorkerFailure() {
    return switch (this) {
      case BAD_REQUEST, ACCESS_DENIED, NOT_FOUND, ERROR, ERROR_INVALID_INPUT, ERROR_PROXY -> true;
      default -> false;
    };
  }

  /** Whether this failure is retried while there are attempts left. */
  public boolean isRetryable() {
    return this == ERROR_INVALID_INPUT || this == ERROR_PROXY || this == TIMED_OUT;
  }

  /**
   * Returns the state with this number.
   *
   * @throws IllegalArgumentException if there is no such state
   */
  @JsonCreator
  public static TaskState ofNumber(int number) {
    TaskState state = BY_NUMBER.get(number);
    if (state == null) {
      throw new IllegalArgumentException(
          "must be one of " + BY_NUMBER.keySet().stream().sorted().toList());
    }
    return state;
  }
}
