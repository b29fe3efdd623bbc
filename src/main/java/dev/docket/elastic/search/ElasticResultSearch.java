package dev.docket.elastic.search;

import dev.docket.result.Result;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchQuery;

/** Searches results in Elasticsearch. */
public final class ElasticResultSearch implements ResultSearch {

  private final FieldSearch<Result> fields;

  public ElasticResultSearch(FieldSearch<Result> fields) {
    this.fields = fields;
  }

  @Override
  public Page<Result> search(SearchQuery query) {
    return fields.search(query);
  }

  @Override
  public Hits<Result> all(SearchQuery query) {
    return fields.all(query);
  }
}
