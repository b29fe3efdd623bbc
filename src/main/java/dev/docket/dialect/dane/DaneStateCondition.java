package dev.docket.dialect.dane;

import dev.docket.search.record.Condition;
import dev.docket.task.TaskState;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tasks that {@link DaneStates} shows with a number, as a condition on their records.
 *
 * <p>Whether a task whose dependency failed (424) is shown as {@value DaneStates#FAILED} or as
 * {@value DaneStates#WAITING_FOR_DEPENDENCY} depends on other tasks, which no condition on its
 * record can say. The caller decides, for all these tasks at once.
 */
public final class DaneStateCondition {

  /** The numbers that tasks with a failed dependency are shown with. */
  public static final int BLOCKED_AS_WAITING = DaneStates.WAITING_FOR_DEPENDENCY;

  /** See {@link #BLOCKED_AS_WAITING}. */
  public static final int BLOCKED_AS_FAILED = DaneStates.FAILED;

  private static final String STATE = "state";
  private static final String ANSWERED = "answered_state";

  private DaneStateCondition() {}

  /** The tasks with a failed dependency. */
  public static Condition blocked() {
    return Condition.equal(STATE, TaskState.FAILED_DEPENDENCY.number() + "");
  }

  /**
   * The tasks that are shown with one of these numbers.
   *
   * @param blockedAs the number that all tasks with a failed dependency are taken to show
   */
  public static Condition of(List<String> numbers, int blockedAs) {
    return Condition.or(
        numbers.stream().map(number -> of(Integer.parseInt(number), blockedAs)).toList());
  }

  private static Condition of(int number, int blockedAs) {
    List<TaskState> shown =
        DaneStates.candidates(number).stream()
            .filter(state -> state != TaskState.FAILED_DEPENDENCY)
            .toList();
    Stream<TaskState> failed =
        Stream.of(TaskState.values())
            .filter(state -> state.isFailed() && state != TaskState.FAILED_DEPENDENCY);
    return Condition.or(
        states(shown.stream().filter(Predicate.not(TaskState::isFailed))),
        Condition.and(
            states(shown.stream().filter(TaskState::isFailed)),
            Condition.not(Condition.exists(ANSWERED))),
        Condition.and(Condition.equal(ANSWERED, number + ""), states(failed)),
        Condition.and(Condition.is(number == blockedAs), blocked()));
  }

  private static Condition states(Stream<TaskState> states) {
    return Condition.anyOf(STATE, states.map(state -> state.number() + "").toList());
  }
}
