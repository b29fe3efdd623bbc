package dev.docket.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page as it goes over HTTP.
 *
 * @param next the cursor of the next page; null: there is none
 * @param facets left out where none were asked for
 * @param total how many there are on all pages; left out where they were not all counted
 * @param totalAtLeast in its place, how many there are at least
 */
record SearchResponse<T>(
    List<T> hits,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, List<Page.Count>> facets,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long total,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long totalAtLeast) {

  static <T> SearchResponse<T> of(Page<T> page) {
    Cursor next = page.next();
    return new SearchResponse<>(
        page.hits(),
        next == null ? null : next.text(),
        page.facets().isEmpty() ? null : page.facets(),
        page.exact() ? page.total() : null,
        page.exact() ? null : page.total());
  }
}
