package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.dialect.dane.DaneParameters;
import dev.docket.dialect.dane.index.query.Clause;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.dialect.dane.index.query.QueryParser;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A search.
 *
 * @param source null if the hits are to have no source
 */
record SearchCall(Clause query, long from, int size, @Nullable SourceFilter source) {

  private static final int DEFAULT_SIZE = 10;
  private static final Set<String> SUPPORTED =
      Set.of("query", "_source", "size", "from", "track_total_hits", "timeout", "sort");

  /** Orders that leave the choice to Elasticsearch. */
  private static final Set<String> NO_ORDER = Set.of("_doc", "_score");

  /**
   * Reads the body of a search, with the parameters of the URL already in it.
   *
   * @throws InvalidQuery if it is invalid or unsupported
   */
  static SearchCall read(ObjectNode body) {
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      if (!SUPPORTED.contains(member.getKey())) {
        throw InvalidQuery.unsupported("a search with [" + member.getKey() + "]");
      }
    }
    checkOrder(body.path("sort"));
    return new SearchCall(
        QueryParser.parse(body.path("query")),
        number(body, "from", 0),
        number(body, "size", DEFAULT_SIZE),
        SourceFilter.read(body.path("_source")));
  }

  private static int number(ObjectNode body, String name, int otherwise) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    int number =
        DaneParameters.<Integer>parsed(value.asText(), Integer::valueOf)
            .orElseThrow(
                () ->
                    InvalidQuery.argument(
                        "Failed to parse int parameter [" + name + "] with value " + value));
    if (number < 0) {
      throw InvalidQuery.argument(
          "[" + name + "] parameter cannot be negative but was [" + number + "]");
    }
    return number;
  }

  private static void checkOrder(JsonNode sort) {
    if (sort.isArray()) {
      sort.forEach(SearchCall::checkOrder);
    } else if (sort.isObject()) {
      sort.fieldNames().forEachRemaining(SearchCall::checkOrder);
    } else if (!sort.isMissingNode()) {
      checkOrder(sort.asText());
    }
  }

  private static void checkOrder(String field) {
    if (!NO_ORDER.contains(field)) {
      throw InvalidQuery.unsupported("a search sorted by [" + field + "]");
    }
  }
}
