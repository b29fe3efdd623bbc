package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch._types.Time;
import dev.docket.document.Document;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.index.Refresher;
import dev.docket.result.Result;
import dev.docket.search.record.RecordQueries;
import dev.docket.search.record.RecordSnapshot;
import dev.docket.search.record.SearchedKind;
import dev.docket.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Searches the three indices together, on a point in time. */
public final class ElasticRecordQueries implements RecordQueries {

  private final Searches searches;
  private final Map<SearchedKind, Refresher> refreshers;

  /** The searches of each kind. */
  record Searches(
      RecordSearch<Document> documents, RecordSearch<Task> tasks, RecordSearch<Result> results) {

    private List<Alias> aliases() {
      return List.of(documents.alias(), tasks.alias(), results.alias());
    }
  }

  public ElasticRecordQueries(
      RecordSearch<Document> documents,
      RecordSearch<Task> tasks,
      RecordSearch<Result> results,
      Map<SearchedKind, Refresher> refreshers) {
    this.searches = new Searches(documents, tasks, results);
    this.refreshers = Map.copyOf(refreshers);
  }

  @Override
  public void refresh(Set<SearchedKind> kinds) {
    Refresher.refreshAll(kinds.stream().map(refreshers::get).toList());
  }

  @Override
  public RecordSnapshot open(Duration keepAlive) {
    return new ElasticRecordSnapshot(
        searches, searches.tasks().openPointInTime(searches.aliases(), time(keepAlive)));
  }

  @Override
  public RecordSnapshot reopen(String id, Duration keepAlive) {
    return new ElasticRecordSnapshot(
        searches, searches.tasks().reopenPointInTime(id, time(keepAlive)));
  }

  private static Time time(Duration keepAlive) {
    return Time.of(t -> t.time(keepAlive.toMillis() + "ms"));
  }
}
