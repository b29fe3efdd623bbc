package dev.docket.manual;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.task.api.TaskView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a page.
 *
 * @param next the cursor of the next page; null on the last page
 * @param keys the number of tasks of each key on all pages
 */
record ManualList(
    List<TaskView> hits,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next,
    List<KeyCount> keys) {

  static ManualList of(ManualPage page, List<KeyCount> keys) {
    ManualPosition next = page.next();
    return new ManualList(
        page.tasks().stream().map(TaskView::of).toList(), next == null ? null : next.text(), keys);
  }
}
