package dev.docket.elastic.search;

import dev.docket.result.Result;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchQuery;
import dev.docket.search.TextPattern;

/** Searches results in Elasticsearch. Elasticsearch applies all filters, so totals are exact. */
public final class ElasticResultSearch implements ResultSearch {

  private final FieldSearch<Result> fields;

  public ElasticResultSearch(FieldSearch<Result> fields) {
    this.fields = fields;
  }

  @Override
  public Page<Result> search(SearchQuery query) {
    return fields.search(visible(query).countAll(true));
  }

  @Override
  public Hits<Result> all(SearchQuery query) {
    return fields.all(visible(query), query.size());
  }

  private static SearchQuery visible(SearchQuery query) {
    return query.where("visible", TextPattern.literal("true"));
  }
}
