package dev.docket.elastic.search;

import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.task.Task;

/** Searches tasks in Elasticsearch. */
public final class ElasticTaskSearch implements TaskSearch {

  private final FieldSearch<Task> fields;

  public ElasticTaskSearch(FieldSearch<Task> fields) {
    this.fields = fields;
  }

  @Override
  public Page<Task> search(SearchQuery query) {
    return fields.search(query);
  }

  @Override
  public Hits<Task> all(SearchQuery query) {
    return fields.all(query);
  }
}
