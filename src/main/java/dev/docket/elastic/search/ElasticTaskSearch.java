package dev.docket.elastic.search;

import dev.docket.elastic.index.Refresher;
import dev.docket.search.TaskSearch;
import dev.docket.task.Task;

/** Searches tasks in Elasticsearch. */
public final class ElasticTaskSearch extends FieldSearch<Task> implements TaskSearch {

  public ElasticTaskSearch(RecordSearch<Task> searches, Refresher refresher) {
    super(searches, refresher, "message");
  }
}
