package dev.docket.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Payloads of results, and their digests. Workers send the digest as the id of the result's
 * generator, so that a stored payload can be compared with the one that was sent.
 */
final class ResultPayload {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LETTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

  private ResultPayload() {}

  /** A payload that no other run has, with a random text of this length. */
  static ObjectNode create(String nonce, int attempt, int number, int textLength) {
    StringBuilder text = new StringBuilder(textLength);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (text.length() < textLength) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return JSON.createObjectNode()
        .put("nonce", nonce)
        .put("attempt", attempt)
        .put("number", number)
        .put("text", text.toString());
  }

  /** The SHA-256 of a payload as compact JSON. */
  static String digest(JsonNode payload) {
    try {
      return digest(JSON.writeValueAsString(payload).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the payload cannot be written", e);
    }
  }

  private static String digest(byte[] json) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
