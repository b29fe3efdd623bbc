package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares two answers to a search. Elasticsearch's order is by score, so none is expected. */
final class IndexAnswers {

  private IndexAnswers() {}

  /** What differs in totals, ids, sources and routing; of errors only the status counts. */
  static List<String> differences(JsonNode expected, JsonNode actual) {
    List<String> differences = new ArrayList<>();
    if (expected.has("error") || actual.has("error")) {
      if (expected.path("status").asInt() != actual.path("status").asInt()) {
        differences.add("status " + expected.path("error") + " / " + actual.path("error"));
      }
      return differences;
    }
    if (!expected.at("/hits/total").equals(actual.at("/hits/total"))) {
      differences.add("total " + expected.at("/hits/total") + " / " + actual.at("/hits/total"));
    }
    Map<String, JsonNode> left = byId(expected);
    Map<String, JsonNode> right = byId(actual);
    left.forEach(
        (id, hit) -> {
          JsonNode other = right.remove(id);
          if (other == null) {
            differences.add("missing " + hit);
            return;
          }
          for (String member : List.of("_source", "_routing")) {
            if (!hit.path(member).equals(other.path(member))) {
              differences.add(
                  id + " " + member + " " + hit.path(member) + " / " + other.path(member));
            }
          }
        });
    right.forEach((id, hit) -> differences.add("unexpected " + hit));
    return differences;
  }

  private static Map<String, JsonNode> byId(JsonNode answer) {
    Map<String, JsonNode> hits = new TreeMap<>();
    answer.at("/hits/hits").forEach(hit -> hits.put(hit.path("_id").asText(), hit));
    return hits;
  }
}
