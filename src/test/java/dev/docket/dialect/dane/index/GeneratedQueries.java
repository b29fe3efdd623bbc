package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Bodies of searches in the subset of the query language that the index supports; the same seed
 * gives the same bodies. None asks for less than all hits.
 */
final class GeneratedQueries {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DEPTH = 4;
  private static final List<String> STATES =
      List.of("102", "200", "201", "205", "400", "404", "412", "418", "422", "500", "502", "503");

  /** Where a clause is: nowhere, or on the documents, tasks or results of a join. */
  private enum Scope {
    ANY,
    DOCUMENT,
    TASK,
    RESULT
  }

  private final Random random;
  private final SampleRecords records;

  GeneratedQueries(long seed, SampleRecords records) {
    this.random = new Random(seed);
    this.records = records;
  }

  /** Endless bodies of searches. */
  Stream<ObjectNode> bodies() {
    return Stream.generate(this::body);
  }

  private ObjectNode body() {
    ObjectNode body = JSON.createObjectNode().put("size", 10_000);
    body.set("query", clause(Scope.ANY, 1));
    switch (random.nextInt(7)) {
      case 0 -> body.put("_source", false);
      case 1 -> body.put("_source", any("result", "task", "role", "t*", "*.id"));
      case 2 -> body.putArray("_source").add("task").add("created_at").add("role");
      case 3 -> body.putObject("_source").putArray("excludes").add("role");
      case 4 -> {
        ObjectNode source = body.putObject("_source");
        source.putArray("includes").add(any("task.*", "target", "result.payload.*", "*"));
        source.putArray("excludes").add(any("task.msg", "*.id", "result.generator", "role.*"));
      }
      default -> {}
    }
    return body;
  }

  private String any(String... values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private ObjectNode clause(Scope scope, int depth) {
    if (depth < MAX_DEPTH) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          return bool(scope, depth);
        }
        case 2 -> {
          return join(depth);
        }
        default -> {}
      }
    }
    return leaf(scope);
  }

  private ObjectNode bool(Scope scope, int depth) {
    ObjectNode query = JSON.createObjectNode();
    ObjectNode bool = query.putObject("bool");
    for (String part : List.of("must", "filter", "should", "must_not")) {
      int count = Math.max(0, random.nextInt(4) - 1);
      if (count == 1 && random.nextBoolean()) {
        bool.set(part, clause(scope, depth + 1));
      } else if (count > 0) {
        ArrayNode clauses = bool.putArray(part);
        for (int i = 0; i < count; i++) {
          clauses.add(clause(scope, depth + 1));
        }
      }
    }
    return query;
  }

  private ObjectNode join(int depth) {
    ObjectNode query = JSON.createObjectNode();
    switch (random.nextInt(5)) {
      case 0, 1 ->
          query
              .putObject("has_parent")
              .put("parent_type", "document")
              .set("query", clause(Scope.DOCUMENT, depth + 1));
      case 2 ->
          query
              .putObject("has_parent")
              .put("parent_type", "task")
              .set("query", clause(Scope.TASK, depth + 1));
      case 3 ->
          query
              .putObject("has_child")
              .put("type", "task")
              .set("query", clause(Scope.TASK, depth + 1));
      default ->
          query
              .putObject("has_child")
              .put("type", "result")
              .set("query", clause(Scope.RESULT, depth + 1));
    }
    return query;
  }

  private ObjectNode leaf(Scope scope) {
    return switch (scope) {
      case DOCUMENT -> documentLeaf();
      case TASK -> taskLeaf();
      case RESULT -> resultLeaf();
      case ANY ->
          switch (random.nextInt(4)) {
            case 0 -> documentLeaf();
            case 1 -> taskLeaf();
            case 2 -> resultLeaf();
            default -> commonLeaf();
          };
    };
  }

  private ObjectNode commonLeaf() {
    return switch (random.nextInt(7)) {
      case 0 -> one("match_all", JSON.createObjectNode());
      case 1 -> match("role", any("document", "task", "result", "other"));
      case 2 -> exists(any("created_at", "role", "nothing", "_routing"));
      case 3 -> match(any("unknown", "task.unknown", "role.name", "role.parent"), "x");
      case 4 -> {
        ObjectNode ids = JSON.createObjectNode();
        ids.putArray("values").add(taskId()).add(documentId()).add("nope");
        yield one("ids", ids);
      }
      case 5 ->
          match(
              "created_at", dev.docket.dialect.dane.DaneTime.text(any(records.tasks).createdAt()));
      default -> match("_id", any(taskId(), documentId(), resultId()));
    };
  }

  private ObjectNode documentLeaf() {
    return switch (random.nextInt(9)) {
      case 0 -> exists(any("target.id", "creator.id", "target", "creator.name", "target.url"));
      case 1 -> match("_id", documentId());
      case 2 -> queryString("target.id", value(SampleRecords.TARGETS));
      case 3 -> queryString("creator.id", value(SampleRecords.CREATORS));
      case 4 -> wildcard("target.id", any("*", "e*", "e?1", "?-1", "e\\*3", "*2*"));
      case 5 -> wildcard("creator.id", any("*", "bat?1", "BAT*", "*De*"));
      case 6 -> match("target.type", any("Video", "Text", "video"));
      case 7 -> match(any("creator.name", "target.url"), any("Jan", "x.example", "disk", "naïve"));
      default -> match(any("target.id", "creator.id"), any(any(SampleRecords.TARGETS), "bat-1"));
    };
  }

  private ObjectNode taskLeaf() {
    return switch (random.nextInt(10)) {
      case 0 -> exists(any("task.key", "task.state", "task.args", "task.args.lang", "task.msg"));
      case 1 -> match("_id", taskId());
      case 2 -> match("_routing", documentId());
      case 3 ->
          queryString("task.key", any("ASR", "\"OCR\"", "*", "A*", "ASR OR SAVE2", "NOT asr"));
      case 4 -> match("task.key", any(SampleRecords.KEYS));
      case 5 -> JSON.createObjectNode().set("match", number("task.state"));
      case 6 -> match("task.priority", String.valueOf(random.nextInt(11)));
      case 7 -> match("task.msg", any(SampleRecords.WORDS) + " " + any(SampleRecords.WORDS));
      case 8 ->
          random.nextBoolean()
              ? match("task.args.lang", any("nl", "de"))
              : match("task.args.n", any("5", "6"));
      default -> {
        ObjectNode terms = JSON.createObjectNode();
        terms.putArray("task.state").add(any(STATES)).add(Integer.parseInt(any(STATES)));
        yield one("terms", terms);
      }
    };
  }

  private ObjectNode number(String field) {
    String state = any(STATES);
    return random.nextBoolean()
        ? JSON.createObjectNode().put(field, state)
        : JSON.createObjectNode().put(field, Integer.parseInt(state));
  }

  private ObjectNode resultLeaf() {
    return switch (random.nextInt(6)) {
      case 0 -> exists(any("result.generator.id", "result.generator", "result"));
      case 1 -> exists(any("result.payload", "result.payload.text", "result.payload.none"));
      case 2 -> match("_routing", taskId());
      case 3 -> match("_id", resultId());
      case 4 -> match("result.generator.id", any("rev1", "rev2", "ASR"));
      default ->
          random.nextBoolean()
              ? match("result.payload.text", any(SampleRecords.WORDS))
              : match("result.payload.i", any("0", "1", "7"));
    };
  }

  /** A value in one of the forms that clients give it. */
  private String value(List<String> values) {
    String value = any(values);
    return switch (random.nextInt(4)) {
      case 0 -> "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      case 1 -> value;
      case 2 -> value.replaceAll("[^A-Za-z0-9 _-]", "\\\\$0");
      default ->
          any(
              "e-1 OR E-1",
              "\"e-1\" AND \"bat-1\"",
              "NOT \"e-1\"",
              "e* NOT e-1",
              "*",
              "film 12",
              "+e* -\"e-1\"",
              "(e-1 OR \"film 12\")",
              "bat-1 AND bat_1 OR BAT_1");
    };
  }

  private String documentId() {
    return any(records.documents).id().value();
  }

  private String taskId() {
    return any(records.tasks).id().value();
  }

  private String resultId() {
    return any(records.results).id().value();
  }

  private static ObjectNode one(String clause, ObjectNode body) {
    ObjectNode query = JSON.createObjectNode();
    query.set(clause, body);
    return query;
  }

  private ObjectNode match(String field, String value) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        ObjectNode match = JSON.createObjectNode();
        match.putObject(field).put("query", value);
        yield one("match", match);
      }
      default -> one("match", JSON.createObjectNode().put(field, value));
    };
  }

  private static ObjectNode exists(String field) {
    return one("exists", JSON.createObjectNode().put("field", field));
  }

  private static ObjectNode wildcard(String field, String pattern) {
    ObjectNode wildcard = JSON.createObjectNode();
    wildcard.putObject(field).put("value", pattern);
    return one("wildcard", wildcard);
  }

  private static ObjectNode queryString(String field, String query) {
    return one(
        "query_string", JSON.createObjectNode().put("default_field", field).put("query", query));
  }
}
