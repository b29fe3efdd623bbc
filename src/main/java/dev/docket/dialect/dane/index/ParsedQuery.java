package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A query of the clauses that this index supports. All conditions must hold. */
final class ParsedQuery {

  /** The record has one of these ids; empty for any id. */
  final List<String> ids = new ArrayList<>();

  /** The fields that the record must have. */
  final List<String> exists = new ArrayList<>();

  @Nullable String routing;
  @Nullable String taskKey;

  /** The condition on the parent. */
  @Nullable Related parent;

  /** The condition on a child. */
  @Nullable Related child;

  /** A condition on records of another kind. */
  record Related(String kind, ParsedQuery query) {}

  private ParsedQuery() {}

  /**
   * Reads a query.
   *
   * @throws UnsupportedQuery naming the clause
   */
  static ParsedQuery of(JsonNode query) {
    ParsedQuery parsed = new ParsedQuery();
    parsed.read(query);
    return parsed;
  }

  private void read(JsonNode query) {
    if (!query.isObject() || query.size() != 1) {
      throw new UnsupportedQuery("query must be an object with one clause");
    }
    Map.Entry<String, JsonNode> clause = query.properties().iterator().next();
    JsonNode body = clause.getValue();
    switch (clause.getKey()) {
      case "match_all" -> {}
      case "bool" -> bool(body);
      case "match", "term" -> equal(body);
      case "ids" -> body.path("values").forEach(id -> ids.add(id.asText()));
      case "exists" -> exists.add(text(body, "field"));
      case "has_parent" ->
          parent = new Related(text(body, "parent_type"), ParsedQuery.of(body.path("query")));
      case "has_child" ->
          child = new Related(text(body, "type"), ParsedQuery.of(body.path("query")));
      case "parent_id" -> parentId(body);
      default -> throw new UnsupportedQuery("clause " + clause.getKey());
    }
  }

  private void parentId(JsonNode body) {
    String kind = text(body, "type").equals("result") ? "task" : "document";
    ParsedQuery ofParent = new ParsedQuery();
    ofParent.ids.add(text(body, "id"));
    parent = new Related(kind, ofParent);
    exists.add(kind.equals("task") ? "result" : "task.key");
  }

  private void bool(JsonNode body) {
    body.properties()
        .forEach(
            part -> {
              switch (part.getKey()) {
                case "must", "filter" -> each(part.getValue()).forEach(this::read);
                case "should" -> each(part.getValue()).forEach(this::anyId);
                default -> throw new UnsupportedQuery("clause bool." + part.getKey());
              }
            });
  }

  private static List<JsonNode> each(JsonNode clauses) {
    if (!clauses.isArray()) {
      return List.of(clauses);
    }
    List<JsonNode> all = new ArrayList<>();
    clauses.forEach(all::add);
    return all;
  }

  private void anyId(JsonNode clause) {
    ParsedQuery one = ParsedQuery.of(clause);
    if (one.ids.size() != 1) {
      throw new UnsupportedQuery("clause bool.should with anything but ids");
    }
    ids.addAll(one.ids);
  }

  private void equal(JsonNode body) {
    if (!body.isObject() || body.size() != 1) {
      throw new UnsupportedQuery("a match of more than one field");
    }
    Map.Entry<String, JsonNode> match = body.properties().iterator().next();
    JsonNode value = match.getValue();
    if (value.isObject()) {
      value = value.has("query") ? value.path("query") : value.path("value");
    }
    if (!value.isValueNode() || value.isNull()) {
      throw new UnsupportedQuery("a match of " + match.getKey() + " without a value");
    }
    switch (match.getKey()) {
      case "_id" -> ids.add(value.asText());
      case "_routing" -> routing = value.asText();
      case "task.key" -> taskKey = value.asText();
      default -> throw new UnsupportedQuery("a match of field " + match.getKey());
    }
  }

  private static String text(JsonNode body, String field) {
    JsonNode text = body.path(field);
    if (!text.isTextual()) {
      throw new UnsupportedQuery("a clause without " + field);
    }
    return text.textValue();
  }
}
