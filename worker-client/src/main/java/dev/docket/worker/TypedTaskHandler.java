package dev.docket.worker;

/**
 * A {@link TaskHandler} that receives the arguments of the task as an object.
 *
 * @param <A> the class of the arguments
 */
@FunctionalInterface
public interface TypedTaskHandler<A> {

  /** Executes the task and returns its outcome, never null. */
  Outcome handle(A args, Task task, TaskContext context) throws Exception;
}
