package dev.docket.manual;

import dev.docket.task.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks.
 *
 * @param next the position after which the next page starts; null on the last page
 */
public record ManualPage(List<Task> tasks, @Nullable ManualPosition next) {

  public ManualPage {
    tasks = List.copyOf(tasks);
  }
}
