package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request and its response.
 *
 * @param requestType the media type of the request's body without parameters; empty if there is
 *     none
 * @param requestBody the bytes that were read of the request's body; null if they were not recorded
 * @param responseType the media type of the response's body
 * @param headers the names of the response's headers
 */
record HttpExchange(
    String method,
    String path,
    String requestType,
    ByteArrayOutputStream requestBody,
    int status,
    String responseType,
    Set<String> headers,
    ByteArrayOutputStream responseBody) {

  /** A media type without its parameters; empty for null. */
  static String mediaType(String type) {
    return type == null ? "" : type.replaceFirst(";.*", "").strip();
  }

  /** The differences from the description. */
  List<String> violations(ApiContract contract) {
    try {
      return contract
          .find(method, path)
          .map(operation -> violations(contract, operation))
          .orElseGet(this::undescribedViolation);
    } catch (RuntimeException e) {
      return List.of(this + ": " + e);
    }
  }

  private List<String> undescribedViolation() {
    boolean isRefusal = status == 404 || status == 405 || method.equals("OPTIONS");
    return isRefusal ? List.of() : List.of(this + ": the path or method is not described");
  }

  private List<String> violations(ApiContract contract, ApiContract.Operation operation) {
    List<String> violations = new ArrayList<>();
    JsonNode description = operation.node().path("responses").path(String.valueOf(status));
    JsonNode response = contract.resolve(description);
    Map<String, JsonNode> content = contract.content(description);
    String body = responseBody.toString(StandardCharsets.UTF_8);
    if (description.isMissingNode()) {
      violations.add("the status is not described; the response was " + body);
    } else if (body.isEmpty()) {
      if (!content.isEmpty()
          && !method.equals("HEAD")
          && !responseType.equals(ApiContract.NDJSON)) {
        violations.add("the response is empty");
      }
    } else if (!content.containsKey(responseType)) {
      violations.add(
          "the response type " + responseType + " is not described, only " + content.keySet());
    } else {
      violations.addAll(contract.violations(content.get(responseType), responseType, body));
    }
    for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
      boolean missing = header.getValue().path("required").asBoolean();
      if (missing && headers.stream().noneMatch(header.getKey()::equalsIgnoreCase)) {
        violations.add("the header " + header.getKey() + " is missing");
      }
    }
    violations.addAll(requestViolations(contract, operation, body));
    return violations.stream().map(violation -> this + ": " + violation).toList();
  }

  /** Checks the parts of the request that were accepted; refused ones may be invalid. */
  private List<String> requestViolations(
      ApiContract contract, ApiContract.Operation operation, String responseText) {
    Map<String, JsonNode> content = contract.content(operation.node().path("requestBody"));
    String body = requestBody == null ? "" : requestBody.toString(StandardCharsets.UTF_8);
    if (status >= 300 || body.isBlank() || content.isEmpty()) {
      return List.of();
    }
    JsonNode media = content.get(requestType);
    if (media == null) {
      return List.of("the request type " + requestType + " was accepted, but is not described");
    }
    boolean lines = requestType.equals(ApiContract.NDJSON);
    JsonNode schema = lines ? media.path("schema") : media.path("schema").path("items");
    if (schema.isMissingNode()) {
      return contract.violations(media, requestType, body);
    }
    List<String> violations = new ArrayList<>();
    List<JsonNode> items = ApiContract.items(requestType, body);
    Set<Integer> refused = refusedItems(responseText);
    for (int i = 0; i < items.size(); i++) {
      if (!refused.contains(i)) {
        violations.addAll(contract.violations(schema, items.get(i)));
      }
    }
    return violations;
  }

  /** The indexes of the refused items. */
  private Set<Integer> refusedItems(String responseText) {
    Set<Integer> refused = new HashSet<>();
    List<JsonNode> responses = ApiContract.items(responseType, responseText);
    boolean batch = responses.size() == 1 && responses.get(0).has("failed");
    if (batch) {
      responses.get(0).path("failed").forEach(item -> refused.add(item.path("index").asInt()));
    }
    for (int i = 0; i < responses.size(); i++) {
      if (responses.get(i).path("status").asInt() >= 400) {
        refused.add(
            Optional.of(responses.get(i).path("index").asInt(-1)).filter(n -> n >= 0).orElse(i));
      }
    }
    return refused;
  }

  @Override
  public String toString() {
    return method + " " + path + " → " + status;
  }
}
