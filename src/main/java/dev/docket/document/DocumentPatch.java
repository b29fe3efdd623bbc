package dev.docket.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.MergePatch;
import dev.docket.http.RequestBodyReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON merge patch of a document as readers see it. The result must be valid for a registration,
 * and must have the same identity and the same type of target. Fields that the server sets may be
 * repeated, so that a client can send back what it has read.
 */
final class DocumentPatch {

  private static final List<String> SET_BY_SERVER =
      List.of("id", "created_at", "updated_at", "version", "predecessor", "owner");

  private static final Set<String> CONTENT = Set.of("target", "creator", "metadata");

  private static final String IDENTITY =
      "cannot be changed, because it identifies the document; register another document instead";

  private static final String ROUTE =
      "cannot be changed, because it is part of the routing key of the document's tasks; register"
          + " another document instead";

  private final JsonNode patch;
  private final RequestBodyReader bodies;

  /**
   * Creates the patch.
   *
   * @throws InvalidRequest if it is not an object, or has a field that documents do not have
   */
  DocumentPatch(JsonNode patch, RequestBodyReader bodies) {
    if (!patch.isObject()) {
      throw InvalidRequest.field("", "must be a JSON object");
    }
    this.patch = patch;
    this.bodies = bodies;
  }

  /**
   * Returns the content of the patched document; empty if the patch changes nothing.
   *
   * @throws InvalidRequest if the patch changes what cannot be changed, or the result is invalid
   */
  Optional<NewDocument> apply(Document document) {
    JsonNode current = bodies.tree(DocumentView.of(document));
    ObjectNode merged = (ObjectNode) MergePatch.apply(current, patch);
    for (String field : SET_BY_SERVER) {
      requireSame(current, merged, "/" + field, "cannot be changed, because the server sets it");
      merged.remove(field);
    }
    requireSameIfPresent(current, merged, "/target/id", IDENTITY);
    requireSameIfPresent(current, merged, "/target/type", ROUTE);
    requireSameIfPresent(current, merged, "/creator/id", IDENTITY);
    addUnknownNulls(merged);
    NewDocument content = bodies.read(merged, NewDocument.class);
    NewDocument before = bodies.read(content(current), NewDocument.class);
    return content.equals(before) ? Optional.empty() : Optional.of(content);
  }

  private static ObjectNode content(JsonNode view) {
    ObjectNode content = view.deepCopy();
    return content.retain(CONTENT);
  }

  private static void requireSame(JsonNode current, JsonNode merged, String pointer, String rule) {
    JsonPointer field = JsonPointer.compile(pointer);
    JsonNode value = current.at(field);
    if (!merged.at(field).equals(value)) {
      throw InvalidRequest.field(
          pointer, rule + (value.isValueNode() ? " (is " + value.asText() + ")" : ""));
    }
  }

  /** The reader of the body reports a missing value, and one of another type. */
  private static void requireSameIfPresent(
      JsonNode current, JsonNode merged, String pointer, String rule) {
    JsonNode value = merged.at(pointer);
    boolean known = !pointer.equals("/target/type") || isTargetType(value);
    if (value.isTextual() && known && !value.equals(current.at(pointer))) {
      throw InvalidRequest.field(pointer, rule);
    }
  }

  private static boolean isTargetType(JsonNode value) {
    for (TargetType type : TargetType.values()) {
      if (type.wire().equals(value.textValue())) {
        return true;
      }
    }
    return false;
  }

  /** A null for an unknown field removes nothing, but the client expects something of it. */
  private void addUnknownNulls(ObjectNode merged) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()
          && !CONTENT.contains(field.getKey())
          && !SET_BY_SERVER.contains(field.getKey())) {
        merged.putNull(field.getKey());
      }
    }
  }
}
