package dev.docket.dialect.dane;

import static dev.docket.search.TextPattern.literal;

import dev.docket.audit.Actor;
import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.search.Hits;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.search.TextPattern;
import dev.docket.store.Versioned;
import dev.docket.task.AuditedTasks;
import dev.docket.task.MassReset;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.TaskStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Resets the tasks of a key that DANE's clients see with one number. Blocks. */
final class DaneReset {

  private static final int PAGE_SIZE = 500;

  private static final List<TextPattern> FAILED =
      patterns(Stream.of(TaskState.values()).filter(TaskState::isFailed).toList());

  private final TaskSearch search;
  private final TaskStore store;
  private final DaneStates states;
  private final MassReset massReset;
  private final AuditedTasks audited;

  DaneReset(
      TaskSearch search,
      TaskStore store,
      DaneStates states,
      MassReset massReset,
      AuditedTasks audited) {
    this.search = search;
    this.store = store;
    this.states = states;
    this.massReset = massReset;
    this.audited = audited;
  }

  /**
   * Resets them. Tasks that change meanwhile are left alone, and what was reset before a failure
   * stays reset, so that the call can be repeated.
   *
   * @return the number of tasks that were reset
   */
  long reset(Actor actor, TaskKey key, int number, Caller by) {
    return audited.resetAll(actor, key, number, () -> reset(key, number, by));
  }

  private long reset(TaskKey key, int number, Caller by) {
    TaskKeyForbidden.check(by, key.value());
    SearchQuery ofKey =
        SearchQuery.everything()
            .where("key", literal(key.value()))
            .of(by.changes())
            .sorted(new SearchQuery.Sort("id", false))
            .fresh(true);
    SearchQuery byState = ofKey.where("state", patterns(DaneStates.candidates(number)));
    SearchQuery byAnswer =
        ofKey.where("state", FAILED).where("answered_state", literal(String.valueOf(number)));
    // Both as of now: a task that fails again soon after its reset must not be reset twice.
    try (Hits<Task> withoutAnswer = search.all(byState);
        Hits<Task> withAnswer = search.all(byAnswer)) {
      return reset(withoutAnswer, false, number, by) + reset(withAnswer, true, number, by);
    }
  }

  static List<TextPattern> patterns(List<TaskState> states) {
    return states.stream().map(state -> literal(String.valueOf(state.number()))).toList();
  }

  private long reset(Hits<Task> hits, boolean answered, int number, Caller by) {
    long count = 0;
    for (List<Task> page = hits.next(); !page.isEmpty(); page = hits.next()) {
      List<Task> these =
          page.stream().filter(task -> DaneStates.showsAnswer(task) == answered).toList();
      for (int from = 0; from < these.size(); from += PAGE_SIZE) {
        count += reset(these.subList(from, Math.min(these.size(), from + PAGE_SIZE)), number, by);
      }
    }
    return count;
  }

  /** Looks at the current records: a search sees those of a moment ago. */
  private long reset(List<Task> found, int number, Caller by) {
    List<TaskId> ids = found.stream().map(Task::id).toList();
    Map<TaskId, Versioned<Task>> current = store.find(ids).toCompletableFuture().join();
    List<Task> tasks =
        current.values().stream().map(Versioned::value).filter(task -> !task.deleted()).toList();
    List<Versioned<Task>> seen = new ArrayList<>();
    for (ShownTask shown : states.show(tasks).toCompletableFuture().join()) {
      Versioned<Task> versioned = current.get(shown.task().id());
      if (shown.state() == number && versioned != null) {
        seen.add(versioned);
      }
    }
    return massReset.reset(seen, by);
  }
}
