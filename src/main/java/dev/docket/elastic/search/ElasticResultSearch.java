package dev.docket.elastic.search;

import dev.docket.elastic.index.Refresher;
import dev.docket.result.Result;
import dev.docket.search.Hits;
import dev.docket.search.Page;
import dev.docket.search.ResultSearch;
import dev.docket.search.SearchQuery;
import dev.docket.search.TextPattern;

/** Searches results in Elasticsearch. Elasticsearch applies all filters, so totals are exact. */
public final class ElasticResultSearch extends FieldSearch<Result> implements ResultSearch {

  public ElasticResultSearch(RecordSearch<Result> searches, Refresher refresher) {
    super(searches, refresher, null);
  }

  @Override
  public Page<Result> search(SearchQuery query) {
    return super.search(visible(query).countAll(true));
  }

  @Override
  public Hits<Result> all(SearchQuery query) {
    return all(visible(query), query.size());
  }

  private static SearchQuery visible(SearchQuery query) {
    return query.where("visible", TextPattern.literal("true"));
  }
}
