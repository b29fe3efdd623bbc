package dev.docket.task;

import dev.docket.document.TargetType;

/** Target type and key of a task; its string form is the routing key, {@code Video.ASR}. */
public record Route(TargetType type, TaskKey key) {

  public static Route of(Task task) {
    return new Route(task.spec().document().target().type(), task.key());
  }

  @Override
  public String toString() {
    return type.wire() + "." + key;
  }
}
