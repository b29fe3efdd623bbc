package dev.docket.dialect.dane.index.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.search.record.SearchedKind;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a clause.
 *
 * @param clause the name of the clause, for error messages
 */
record JsonBody(String clause, JsonNode body) {

  private static final Set<String> IN_ALL_CLAUSES = Set.of("boost", "_name");

  /** A body with these members, and those that all clauses may have; rejects others. */
  static JsonBody of(String clause, JsonNode body, String... names) {
    Set<String> allowed = Set.of(names);
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      String name = member.getKey();
      if (!allowed.contains(name) && !IN_ALL_CLAUSES.contains(name)) {
        throw InvalidQuery.unsupported("[" + clause + "] with [" + name + "]");
      }
    }
    return new JsonBody(clause, body);
  }

  /** The only field of a clause on a field. */
  record Field(String name, JsonNode value) {}

  static Field field(String clause, JsonNode body) {
    Field found = null;
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      if (IN_ALL_CLAUSES.contains(member.getKey())) {
        continue;
      }
      if (found != null) {
        throw InvalidQuery.parsing(
            "[%s] query doesn't support multiple fields, found [%s] and [%s]"
                .formatted(clause, found.name(), member.getKey()));
      }
      found = new Field(member.getKey(), member.getValue());
    }
    if (found == null) {
      throw InvalidQuery.parsing("[" + clause + "] query must name a field");
    }
    return found;
  }

  /** The kind with this name of the join field; null for an unknown name. */
  static @Nullable SearchedKind kind(String name) {
    return Stream.of(SearchedKind.values())
        .filter(kind -> name(kind).equals(name))
        .findFirst()
        .orElse(null);
  }

  static String name(SearchedKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  JsonNode required(String name) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      throw InvalidQuery.parsing("[" + clause + "] requires '" + name + "' field");
    }
    return value;
  }

  String text(String name) {
    return scalar(clause, required(name));
  }

  String text(String name, String otherwise) {
    return body.hasNonNull(name) ? text(name) : otherwise;
  }

  /** A text, number or boolean as a text. */
  static String scalar(String clause, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      throw InvalidQuery.argument("[" + clause + "] value cannot be null");
    }
    if (!value.isValueNode()) {
      throw InvalidQuery.parsing("[" + clause + "] query does not support an object or array here");
    }
    return value.asText();
  }
}
