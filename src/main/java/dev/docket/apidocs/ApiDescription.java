package dev.docket.apidocs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI 3.1 description of Docket's own API, merged from one file for each topic. The parts
 * that all operations share are added here: the text about roles, and the common responses.
 */
public final class ApiDescription {

  private static final String[] FILES = {
    "docket",
    "documents",
    "tasks",
    "results",
    "search",
    "events",
    "workers",
    "limits",
    "manual",
    "services",
    "logs",
    "keys",
    "stats",
    "audit",
    "service"
  };

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private static final Map<String, String> COMMON_RESPONSES =
      Map.of(
          "400", "BadRequest",
          "401", "Unauthorized",
          "403", "Forbidden",
          "406", "NotAcceptable",
          "429", "TooManyRequests",
          "500", "Broken",
          "503", "Unavailable");

  private final ObjectNode merged;

  /**
   * Reads and merges the files.
   *
   * @param version version of the server
   * @throws IllegalStateException if two files define the same name
   */
  public ApiDescription(String version) {
    YAMLMapper yaml = new YAMLMapper();
    merged = yaml.createObjectNode();
    for (String file : FILES) {
      merge(merged, read(yaml, "/openapi/" + file + ".yaml"), file, 0);
    }
    ((ObjectNode) merged.path("info")).put("version", version);
    for (JsonNode path : merged.path("paths")) {
      for (Map.Entry<String, JsonNode> entry : path.properties()) {
        if (METHODS.contains(entry.getKey()) && entry.getValue().has("x-roles")) {
          addCommonParts((ObjectNode) entry.getValue());
        }
      }
    }
  }

  /** A copy of the whole description. */
  public JsonNode document() {
    return merged.deepCopy();
  }

  /** The description as JSON. */
  byte[] bytes() {
    try {
      return new ObjectMapper().writeValueAsBytes(merged);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode read(YAMLMapper yaml, String resource) {
    try (InputStream file = ApiDescription.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return (ObjectNode) yaml.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Merges objects down to the names in {@code components}; each name is defined in one file. */
  private static void merge(ObjectNode target, ObjectNode source, String file, int depth) {
    for (Map.Entry<String, JsonNode> entry : source.properties()) {
      JsonNode existing = target.get(entry.getKey());
      if (existing == null) {
        target.set(entry.getKey(), entry.getValue());
      } else if (depth < 2
          && existing instanceof ObjectNode object
          && entry.getValue() instanceof ObjectNode addition) {
        merge(object, addition, file, depth + 1);
      } else {
        throw new IllegalStateException(
            file + ".yaml defines " + entry.getKey() + " a second time");
      }
    }
  }

  private static void addCommonParts(ObjectNode operation) {
    List<String> roles = new ArrayList<>();
    operation.path("x-roles").forEach(role -> roles.add("`" + role.asText() + "`"));
    String text = operation.path("description").asText("").strip();
    operation.put(
        "description",
        (text.isEmpty() ? "" : text + "\n\n")
            + "Roles: "
            + String.join(", ", roles)
            + owners(operation.path("x-owner").asText()));
    ObjectNode responses = (ObjectNode) operation.path("responses");
    COMMON_RESPONSES.keySet().stream()
        .filter(status -> !responses.has(status))
        .sorted()
        .forEach(status -> addResponse(responses, status, COMMON_RESPONSES.get(status)));
    if (operation.has("requestBody")) {
      addResponse(responses, "408", "RequestTimeout");
    }
  }

  /** Returns a sentence about owners; see {@code docs/access.md}. */
  private static String owners(String access) {
    return switch (access) {
      case "sees" -> ". A record that the caller does not see is 404.";
      case "changes" ->
          ". A record that the caller does not see is 404; one that it may not change is 403.";
      case "lists" -> ". Contains only records that the caller sees.";
      default -> "";
    };
  }

  private static void addResponse(ObjectNode responses, String status, @Nullable String name) {
    responses.putObject(status).put("$ref", "#/components/responses/" + name);
  }
}
