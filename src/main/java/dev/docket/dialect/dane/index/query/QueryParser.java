package dev.docket.dialect.dane.index.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.search.record.SearchedKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses a query. Invalid and unsupported clauses are named. */
public final class QueryParser {

  /** Elasticsearch's limit. */
  private static final int MAX_DEPTH = 30;

  private static final int MAX_TERMS = 65_536;
  private static final String MINIMUM = "minimum_should_match";
  private static final Set<String> KNOWN_TO_ELASTICSEARCH =
      Set.of(
          """
          boosting constant_score dis_max distance_feature function_score fuzzy
          geo_bounding_box geo_distance geo_polygon geo_shape intervals match_bool_prefix
          match_phrase match_phrase_prefix more_like_this multi_match nested percolate
          pinned prefix range rank_feature regexp script script_score simple_query_string
          span_near span_term terms_set wrapper"""
              .split("\\s", -1));

  private final int depth;

  private QueryParser(int depth) {
    this.depth = depth;
  }

  /**
   * Parses the value of {@code query}.
   *
   * @throws InvalidQuery naming the clause
   */
  public static Clause parse(JsonNode query) {
    return query.isMissingNode() ? Clause.EVERYTHING : new QueryParser(1).clause(query);
  }

  private Clause below(JsonNode query) {
    if (depth == MAX_DEPTH) {
      throw InvalidQuery.argument(
          "The nested depth of the query exceeds the maximum nested depth of [" + depth + "]");
    }
    return new QueryParser(depth + 1).clause(query);
  }

  private Clause clause(JsonNode query) {
    if (!query.isObject()) {
      throw InvalidQuery.parsing("[_na] query malformed, must start with start_object");
    }
    if (query.isEmpty()) {
      throw InvalidQuery.parsing("query malformed, empty clause found");
    }
    Map.Entry<String, JsonNode> clause = query.properties().iterator().next();
    String name = clause.getKey();
    JsonNode body = clause.getValue();
    if (query.size() > 1) {
      throw InvalidQuery.parsing(
          "[" + name + "] malformed query, expected [END_OBJECT] but found [FIELD_NAME]");
    }
    if (!body.isObject()) {
      throw InvalidQuery.parsing(
          "[" + name + "] query malformed, no start_object after query name");
    }
    return switch (name) {
      case "match_all" -> matchAll(body);
      case "match_none" -> Clause.NOTHING;
      case "bool" -> bool(body);
      case "match" -> match(body);
      case "term" -> term(body);
      case "terms" -> terms(body);
      case "ids" -> ids(body);
      case "exists" -> exists(body);
      case "wildcard" -> wildcard(body);
      case "query_string" -> queryString(body);
      case "has_parent" -> hasParent(body);
      case "has_child" -> hasChild(body);
      case "parent_id" -> parentId(body);
      default ->
          throw KNOWN_TO_ELASTICSEARCH.contains(name)
              ? InvalidQuery.unsupported("the query [" + name + "]")
              : InvalidQuery.parsing("unknown query [" + name + "]");
    };
  }

  private static Clause matchAll(JsonNode body) {
    JsonBody.of("match_all", body);
    return Clause.EVERYTHING;
  }

  private Clause bool(JsonNode body) {
    JsonBody.of(
        "bool", body, "must", "filter", "should", "must_not", MINIMUM, "adjust_pure_negative");
    List<Clause> all = new ArrayList<>(clauses(body.path("must")));
    all.addAll(clauses(body.path("filter")));
    List<Clause> should = clauses(body.path("should"));
    if (!should.isEmpty() && isRequired(body, all.isEmpty())) {
      all.add(new Clause.Any(should));
    }
    clauses(body.path("must_not")).forEach(clause -> all.add(new Clause.Not(clause)));
    return all.size() == 1 ? all.get(0) : new Clause.All(all);
  }

  /** Whether one of the clauses of {@code should} must match. */
  private static boolean isRequired(JsonNode body, boolean onlyShould) {
    JsonNode minimum = body.path(MINIMUM);
    if (minimum.isMissingNode()) {
      return onlyShould;
    }
    return switch (minimum.asText()) {
      case "0" -> false;
      case "1" -> true;
      default ->
          throw InvalidQuery.unsupported("[bool] with minimum_should_match [" + minimum + "]");
    };
  }

  private List<Clause> clauses(JsonNode clauses) {
    if (clauses.isMissingNode()) {
      return List.of();
    }
    if (!clauses.isArray()) {
      return List.of(below(clauses));
    }
    List<Clause> all = new ArrayList<>();
    clauses.forEach(clause -> all.add(below(clause)));
    return all;
  }

  private static Clause match(JsonNode body) {
    JsonBody.Field field = JsonBody.field("match", body);
    JsonNode value = field.value();
    boolean allWords = false;
    if (value.isObject()) {
      JsonBody options =
          JsonBody.of("match", value, "query", "operator", "lenient", "zero_terms_query");
      allWords = options.text("operator", "or").equalsIgnoreCase("and");
      value = value.path("query");
    }
    return DaneField.match(field.name(), List.of(JsonBody.scalar("match", value)), allWords);
  }

  private static Clause term(JsonNode body) {
    JsonBody.Field field = JsonBody.field("term", body);
    JsonNode value = field.value();
    if (value.isObject()) {
      JsonBody.of("term", value, "value");
      value = value.path("value");
    }
    return DaneField.match(field.name(), List.of(JsonBody.scalar("term", value)), true);
  }

  private static Clause terms(JsonNode body) {
    JsonBody.Field field = JsonBody.field("terms", body);
    if (!field.value().isArray()) {
      throw InvalidQuery.unsupported("[terms] without an array of values");
    }
    return DaneField.match(field.name(), scalars("terms", field.value()), true);
  }

  private static Clause ids(JsonNode body) {
    JsonBody.of("ids", body, "values", "type");
    JsonNode values = body.path("values");
    return DaneField.match(
        "_id",
        values.isArray() ? scalars("ids", values) : List.of(JsonBody.scalar("ids", values)),
        true);
  }

  private static List<String> scalars(String clause, JsonNode values) {
    if (values.size() > MAX_TERMS) {
      throw InvalidQuery.argument(
          "The number of terms [%d] used in the [%s] query has exceeded the allowed maximum of [%d]"
              .formatted(values.size(), clause, MAX_TERMS));
    }
    List<String> all = new ArrayList<>();
    values.forEach(value -> all.add(JsonBody.scalar(clause, value)));
    return all;
  }

  private static Clause exists(JsonNode body) {
    return new Clause.Exists(JsonBody.of("exists", body, "field").text("field"));
  }

  private static Clause wildcard(JsonNode body) {
    JsonBody.Field field = JsonBody.field("wildcard", body);
    JsonNode value = field.value();
    boolean ignoreCase = false;
    if (value.isObject()) {
      JsonBody.of("wildcard", value, "value", "wildcard", "case_insensitive", "rewrite");
      ignoreCase = value.path("case_insensitive").asBoolean();
      value = value.has("value") ? value.path("value") : value.path("wildcard");
    }
    return DaneField.wildcard(field.name(), JsonBody.scalar("wildcard", value), ignoreCase);
  }

  private static Clause queryString(JsonNode body) {
    JsonBody options =
        JsonBody.of(
            "query_string", body, "query", "default_field", "default_operator", "analyze_wildcard");
    String field = options.text("default_field", "*");
    if (field.contains("*")) {
      throw InvalidQuery.unsupported("[query_string] without default_field");
    }
    boolean and = options.text("default_operator", "or").equalsIgnoreCase("and");
    return QueryStringParser.parse(options.text("query"), field, and);
  }

  private Clause hasParent(JsonNode body) {
    JsonBody options =
        JsonBody.of("has_parent", body, "parent_type", "query", "score", "ignore_unmapped");
    SearchedKind parent = JsonBody.kind(options.text("parent_type"));
    if (parent == null || parent == SearchedKind.RESULT) {
      throw InvalidQuery.shard(
          "[has_parent] join field [role] doesn't hold [%s] as a parent"
              .formatted(options.text("parent_type")));
    }
    return new Clause.HasParent(parent, below(options.required("query")));
  }

  private Clause hasChild(JsonNode body) {
    JsonBody options =
        JsonBody.of("has_child", body, "type", "query", "score_mode", "ignore_unmapped");
    SearchedKind child = JsonBody.kind(options.text("type"));
    if (child == null || child == SearchedKind.DOCUMENT) {
      throw InvalidQuery.shard(
          "[has_child] join field [role] doesn't hold [" + options.text("type") + "] as a child");
    }
    return new Clause.HasChild(child, below(options.required("query")));
  }

  private static Clause parentId(JsonNode body) {
    JsonBody options = JsonBody.of("parent_id", body, "type", "id", "ignore_unmapped");
    SearchedKind child = JsonBody.kind(options.text("type"));
    if (child == null || child == SearchedKind.DOCUMENT) {
      throw InvalidQuery.shard(
          "[parent_id] no relation found for child [" + options.text("type") + "]");
    }
    return new Clause.HasParent(
        child == SearchedKind.TASK ? SearchedKind.DOCUMENT : SearchedKind.TASK,
        DaneField.match("_id", List.of(JsonBody.scalar("parent_id", body.path("id"))), true));
  }
}
