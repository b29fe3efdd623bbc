package dev.docket.worker;

/** A {@link TaskHandler} that gets its arguments as an object of a class of its own. */
@FunctionalInterface
public interface TypedTaskHandler<A> {

  /** Does the task and says what came out; never null. */
  Outcome handle(A args, Task task, TaskContext context) throws Exception;
}
