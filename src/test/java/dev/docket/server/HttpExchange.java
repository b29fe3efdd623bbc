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
 * A request and its answer.
 *
 * @param type of the request's body, without parameters; empty if there is none
 * @param asked what was read of the request's body; null where nobody could listen
 * @param answerType of the answer's body
 */
record HttpExchange(
    String method,
    String path,
    String type,
    ByteArrayOutputStream asked,
    int status,
    String answerType,
    Set<String> headers,
    ByteArrayOutputStream answer) {

  /** A media type without its parameters; empty for null. */
  static String plain(String type) {
    return type == null ? "" : type.replaceFirst(";.*", "").strip();
  }

  /** In what it is not as described. */
  List<String> wrong(ApiContract contract) {
    try {
      return contract
          .find(method, path)
          .map(operation -> wrong(contract, operation))
          .orElseGet(this::undescribed);
    } catch (RuntimeException unreadable) {
      return List.of(this + ": " + unreadable);
    }
  }

  private List<String> undescribed() {
    boolean refused = status == 404 || status == 405 || method.equals("OPTIONS");
    return refused ? List.of() : List.of(this + ": is not described");
  }

  private List<String> wrong(ApiContract contract, ApiContract.Operation operation) {
    List<String> wrong = new ArrayList<>();
    JsonNode said = operation.node().path("responses").path(String.valueOf(status));
    JsonNode response = contract.resolved(said);
    Map<String, JsonNode> content = contract.content(said);
    String body = answer.toString(StandardCharsets.UTF_8);
    if (said.isMissingNode()) {
      wrong.add("the status is not described; the answer was " + body);
    } else if (body.isEmpty()) {
      if (!content.isEmpty() && !method.equals("HEAD") && !answerType.equals(ApiContract.NDJSON)) {
        wrong.add("the answer is empty");
      }
    } else if (!content.containsKey(answerType)) {
      wrong.add(answerType + " is not described, but " + content.keySet());
    } else {
      wrong.addAll(contract.wrong(content.get(answerType), answerType, body));
    }
    for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
      boolean missing = header.getValue().path("required").asBoolean();
      if (missing && headers.stream().noneMatch(header.getKey()::equalsIgnoreCase)) {
        wrong.add("the header " + header.getKey() + " is missing");
      }
    }
    wrong.addAll(wrongRequest(contract, operation, body));
    return wrong.stream().map(why -> this + ": " + why).toList();
  }

  /** What was taken must be as described; what was refused need not. */
  private List<String> wrongRequest(
      ApiContract contract, ApiContract.Operation operation, String answered) {
    Map<String, JsonNode> content = contract.content(operation.node().path("requestBody"));
    String body = asked == null ? "" : asked.toString(StandardCharsets.UTF_8);
    if (status >= 300 || body.isBlank() || content.isEmpty()) {
      return List.of();
    }
    JsonNode media = content.get(type);
    if (media == null) {
      return List.of("takes " + type + ", which is not described");
    }
    boolean lines = type.equals(ApiContract.NDJSON);
    JsonNode schema = lines ? media.path("schema") : media.path("schema").path("items");
    if (schema.isMissingNode()) {
      return contract.wrong(media, type, body);
    }
    List<String> wrong = new ArrayList<>();
    List<JsonNode> items = ApiContract.items(type, body);
    Set<Integer> refused = refused(answered);
    for (int i = 0; i < items.size(); i++) {
      if (!refused.contains(i)) {
        wrong.addAll(contract.wrong(schema, items.get(i)));
      }
    }
    return wrong;
  }

  /** The places of the items that were not taken. */
  private Set<Integer> refused(String answered) {
    Set<Integer> refused = new HashSet<>();
    List<JsonNode> answers = ApiContract.items(answerType, answered);
    boolean batch = answers.size() == 1 && answers.get(0).has("failed");
    if (batch) {
      answers.get(0).path("failed").forEach(item -> refused.add(item.path("index").asInt()));
    }
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).path("status").asInt() >= 400) {
        refused.add(
            Optional.of(answers.get(i).path("index").asInt(-1)).filter(n -> n >= 0).orElse(i));
      }
    }
    return refused;
  }

  @Override
  public String toString() {
    return method + " " + path + " → " + status;
  }
}
