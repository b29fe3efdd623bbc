package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a task stands. The numbers are DANE's, which are HTTP's; 202 and 102 are told apart, and
 * 408, 424 and 499 are Docket's own. A run that failed and will be tried again is {@link #CREATED}
 * with a due time, so each failing state here is one that the task stays in.
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

  /** The number on the wire and in the store. */
  @JsonValue
  public int number() {
    return number;
  }

  /** Whether it has ended: from here it moves only by a retry, a reset or a dependency. */
  public boolean isFinished() {
    return phase == Phase.FINISHED;
  }

  /** Whether it has ended without success. */
  public boolean isFailed() {
    return isFinished() && this != SUCCESS;
  }

  /** Whether a message of it is, or may soon be, with the broker, so that a worker may claim it. */
  public boolean isClaimable() {
    return this == CREATED || this == QUEUED || this == TASK_RESET || this == NO_ROUTE_TO_QUEUE;
  }

  /** Whether a worker may say that its run ended so, besides success. */
  public boolean isWorkersFailure() {
    return switch (this) {
      case BAD_REQUEST, ACCESS_DENIED, NOT_FOUND, ERROR, ERROR_INVALID_INPUT, ERROR_PROXY -> true;
      default -> false;
    };
  }

  /** Whether another run is tried after this failure, while there are attempts left. */
  public boolean isRetried() {
    return this == ERROR_INVALID_INPUT || this == ERROR_PROXY || this == TIMED_OUT;
  }

  /**
   * The state of this number.
   *
   * @throws IllegalArgumentException if there is none
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
