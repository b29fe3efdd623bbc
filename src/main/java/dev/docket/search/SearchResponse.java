package dev.docket.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a page.
 *
 * @param next the cursor of the next page; null on the last page
 * @param facets omitted if no facets were requested
 * @param total the number of hits on all pages; omitted if not all hits were counted
 * @param totalAtLeast the minimum number of hits, in place of {@code total}
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
