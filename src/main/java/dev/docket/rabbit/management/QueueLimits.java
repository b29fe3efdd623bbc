package dev.docket.rabbit.management;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.broker.QueueLimit;
import java.util.ArrayList;
import java.util.List;

/** Reads from the management API which limits a queue has, and where they are set. */
final class QueueLimits {

  /** The columns of {@code /api/queues} that {@link #of} reads. */
  static final String COLUMNS = "arguments,policy,operator_policy,effective_policy_definition";

  private static final List<String> SETTINGS =
      List.of(
          QueueLimit.MAX_LENGTH,
          QueueLimit.MAX_LENGTH_BYTES,
          QueueLimit.OVERFLOW,
          QueueLimit.MESSAGE_TTL,
          QueueLimit.EXPIRES,
          QueueLimit.DELIVERY_LIMIT);

  private QueueLimits() {}

  /** Returns the limits of a queue of the response. */
  static List<QueueLimit> of(JsonNode queue) {
    List<QueueLimit> limits = new ArrayList<>();
    for (String setting : SETTINGS) {
      JsonNode argument = queue.path("arguments").path("x-" + setting);
      JsonNode policy = queue.path("effective_policy_definition").path(setting);
      if (isEffective(argument, policy)) {
        limits.add(new QueueLimit(setting, argument.asText(), "argument x-" + setting));
      } else if (policy.isValueNode()) {
        limits.add(new QueueLimit(setting, policy.asText(), policies(queue)));
      }
    }
    return limits;
  }

  /** Of two numbers the broker applies the smaller one; of two words the argument. */
  private static boolean isEffective(JsonNode argument, JsonNode policy) {
    return argument.isValueNode()
        && !(argument.isNumber() && policy.isNumber() && policy.asLong() < argument.asLong());
  }

  private static String policies(JsonNode queue) {
    String policy = queue.path("policy").asText();
    String operator = queue.path("operator_policy").asText();
    String operatorText = "operator policy \"" + operator + "\"";
    if (policy.isEmpty()) {
      return operator.isEmpty() ? "policy" : operatorText;
    }
    return "policy \"" + policy + "\"" + (operator.isEmpty() ? "" : " or " + operatorText);
  }
}
