package dev.docket.apidocs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The description of Docket's own API in OpenAPI 3.1, put together from a file for each room. What
 * every operation has in common is added here: the roles in words, and the answers that any of them
 * may give.
 */
public final class ApiDescription {

  private static final List<String> FILES =
      List.of(
          "docket",
          "documents",
          "tasks",
          "results",
          "search",
          "events",
          "workers",
          "stats",
          "service");

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private static final Map<String, String> COMMON_RESPONSES =
      Map.of(
          "401", "Unauthorized",
          "403", "Forbidden",
          "406", "NotAcceptable",
          "500", "Broken",
          "503", "Unavailable");

  private final ObjectNode whole;

  /**
   * Reads the files.
   *
   * @param version the server's
   * @throws IllegalStateException if two files say different things of one name
   */
  public ApiDescription(String version) {
    YAMLMapper yaml = new YAMLMapper();
    whole = yaml.createObjectNode();
    for (String file : FILES) {
      merge(whole, read(yaml, "/openapi/" + file + ".yaml"), file, 0);
    }
    ((ObjectNode) whole.path("info")).put("version", version);
    for (JsonNode path : whole.path("paths")) {
      for (Map.Entry<String, JsonNode> entry : path.properties()) {
        if (METHODS.contains(entry.getKey()) && entry.getValue().has("x-roles")) {
          addCommonParts((ObjectNode) entry.getValue());
        }
      }
    }
  }

  /** All of it. */
  public JsonNode document() {
    return whole.deepCopy();
  }

  /** As it is served. */
  Asset asset() {
    try {
      return new Asset(new ObjectMapper().writeValueAsBytes(whole), "application/json");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode read(YAMLMapper yaml, String resource) {
    try {
      return (ObjectNode) yaml.readTree(Asset.read(resource));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Down to the names in {@code components}; what stands below a name is in one file. */
  private static void merge(ObjectNode into, ObjectNode more, String file, int depth) {
    for (Map.Entry<String, JsonNode> entry : more.properties()) {
      JsonNode there = into.get(entry.getKey());
      if (there == null) {
        into.set(entry.getKey(), entry.getValue());
      } else if (depth < 2
          && there instanceof ObjectNode both
          && entry.getValue() instanceof ObjectNode part) {
        merge(both, part, file, depth + 1);
      } else {
        throw new IllegalStateException(file + ".yaml says " + entry.getKey() + " again");
      }
    }
  }

  private static void addCommonParts(ObjectNode operation) {
    List<String> roles = new ArrayList<>();
    operation.path("x-roles").forEach(role -> roles.add("`" + role.asText() + "`"));
    String text = operation.path("description").asText("").strip();
    operation.put(
        "description",
        (text.isEmpty() ? "" : text + "\n\n") + "Roles: " + String.join(", ", roles));
    ObjectNode responses = (ObjectNode) operation.path("responses");
    COMMON_RESPONSES.keySet().stream()
        .sorted()
        .forEach(
            status ->
                responses
                    .putObject(status)
                    .put("$ref", "#/components/responses/" + COMMON_RESPONSES.get(status)));
  }
}
