package dev.docket.dialect.dane.index;

import dev.docket.auth.OwnerFilter;
import dev.docket.dialect.dane.DaneStateCondition;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.dialect.dane.index.query.Clause;
import dev.docket.dialect.dane.index.query.DocumentTranslation;
import dev.docket.dialect.dane.index.query.Joins;
import dev.docket.dialect.dane.index.query.ResultTranslation;
import dev.docket.dialect.dane.index.query.TaskTranslation;
import dev.docket.http.InvalidRequest;
import dev.docket.search.record.Condition;
import dev.docket.search.record.FoundRecord;
import dev.docket.search.record.RecordPage;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.RecordSelection;
import dev.docket.search.record.RecordSnapshot;
import dev.docket.search.record.SearchedKind;
import dev.docket.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates a query to conditions on the records of a snapshot that the caller sees, and runs the
 * searches that this takes. Blocks.
 *
 * <p>Whether a task whose dependency failed is shown as 412 or as 500 depends on other tasks. The
 * resolver translates a query on tasks for both cases. If the translations differ, it reads the
 * tasks that match one and not the other, and adds those that match as shown by their ids. So the
 * store counts and pages exactly what clients see.
 */
final class ConditionResolver implements Joins {

  private static final int PAGE_SIZE = 500;

  private final RecordSnapshot snapshot;
  private final DaneStates states;
  private final Condition owned;
  private final Map<String, Integer> shownStates = new HashMap<>();
  private final Map<Clause, List<String>> documents = new HashMap<>();
  private final Map<Clause, List<String>> tasksOfResults = new HashMap<>();

  ConditionResolver(RecordSnapshot snapshot, DaneStates states, OwnerFilter owners) {
    this.snapshot = snapshot;
    this.states = states;
    this.owned = Condition.ownedBy(owners);
  }

  /** The records that match a query. */
  RecordSelection select(Clause query) {
    return new RecordSelection(
        Map.of(
            SearchedKind.DOCUMENT,
                Condition.and(query.accept(new DocumentTranslation(this)), owned),
            SearchedKind.TASK, Condition.and(onTasks(query), owned),
            SearchedKind.RESULT, Condition.and(query.accept(new ResultTranslation(this)), owned)));
  }

  /** The state of a task with which it matched the query; it may have changed since. */
  ShownTask shown(ShownTask now) {
    Integer matched = shownStates.get(now.task().id().value());
    return matched == null ? now : new ShownTask(now.task(), matched, now.message());
  }

  private Condition onTasks(Clause query) {
    Condition asWaiting =
        query.accept(new TaskTranslation(this, DaneStateCondition.BLOCKED_AS_WAITING));
    Condition asFailed =
        query.accept(new TaskTranslation(this, DaneStateCondition.BLOCKED_AS_FAILED));
    if (asWaiting.equals(asFailed)) {
      return asWaiting;
    }
    List<String> matching = new ArrayList<>();
    collect(asWaiting, asFailed, DaneStateCondition.BLOCKED_AS_WAITING, matching);
    collect(asFailed, asWaiting, DaneStateCondition.BLOCKED_AS_FAILED, matching);
    return Condition.or(Condition.and(asWaiting, asFailed), Condition.anyOf("id", matching));
  }

  /** Adds the ids of the tasks that match one condition only, if they are shown with its number. */
  private void collect(Condition matches, Condition otherwise, int number, List<String> matching) {
    Condition ambiguous =
        Condition.and(DaneStateCondition.blocked(), matches, Condition.not(otherwise), owned);
    if (ambiguous.equals(Condition.NONE)) {
      return;
    }
    RecordSelection selection = RecordSelection.of(SearchedKind.TASK, ambiguous);
    RecordPage page = new RecordPage(List.of(), null, false);
    while (!page.complete()) {
      page = snapshot.page(selection, page.last(), PAGE_SIZE);
      List<Task> tasks =
          page.records().stream().map(found -> ((FoundRecord.OfTask) found).task()).toList();
      for (ShownTask shown : states.show(tasks).toCompletableFuture().join()) {
        String id = shown.task().id().value();
        shownStates.put(id, shown.state());
        if (shown.state() == number) {
          matching.add(id);
        }
      }
      if (shownStates.size() > RecordQueries.MAX_VALUES) {
        throw new InvalidRequest(
            "a search by the state of more than "
                + RecordQueries.MAX_VALUES
                + " tasks with failed dependencies is not supported",
            List.of());
      }
    }
  }

  @Override
  public List<String> documents(Clause clause) {
    List<String> known = documents.get(clause);
    if (known == null) {
      known = values(SearchedKind.DOCUMENT, clause.accept(new DocumentTranslation(this)), "id");
      documents.put(clause, known);
    }
    return known;
  }

  @Override
  public List<String> tasks(Clause clause) {
    return values(SearchedKind.TASK, onTasks(clause), "id");
  }

  @Override
  public List<String> documentsOfTasks(Clause clause) {
    return values(SearchedKind.TASK, onTasks(clause), "document_id");
  }

  @Override
  public List<String> tasksOfResults(Clause clause) {
    List<String> known = tasksOfResults.get(clause);
    if (known == null) {
      known = values(SearchedKind.RESULT, clause.accept(new ResultTranslation(this)), "task_id");
      tasksOfResults.put(clause, known);
    }
    return known;
  }

  private List<String> values(SearchedKind kind, Condition matching, String field) {
    Condition condition = Condition.and(matching, owned);
    return condition.equals(Condition.NONE) ? List.of() : snapshot.values(kind, condition, field);
  }
}
