package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Values that programs forget to consider. */
final class OddValues {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "a\0b",
          "\ud800",
          "a\udfffb",
          "\ud83d\udcfc\ud83d",
          "\u202eabc\u202c",
          "\u0627\u0644\u062d",
          "e\u0301\u0301\u0301\u0301",
          "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
          "\ufeffa",
          "\uffff",
          "\u2028\u2029",
          "\uf7ff\uf7fe",
          "a\uf7c0\uf780",
          "\uf7ed\uf7a0\uf780",
          "\uf7f7\uf7bf\uf7bf\uf7bf",
          "\uf7e2\uf782",
          "../../etc/passwd",
          "a/b",
          "%",
          "%zz",
          "%00",
          "a%2Fb",
          "*",
          "**?*",
          "a*b?c\\",
          "\"",
          "'",
          "<b>",
          "${jndi:x}",
          "-",
          "--",
          "_",
          ".",
          "..",
          "null",
          "true",
          "NaN",
          "-1",
          "0",
          "1e999",
          "99999999999999999999",
          "2026-13-45T99:99:99Z",
          "-999999999-01-01T00:00:00Z",
          "+999999999-12-31T23:59:59.999999999Z",
          "0000-01-01T00:00:00Z",
          "9999-12-31T23:59:59Z",
          "P999999999999999999D",
          "PT-1S",
          "PT0.000000001S",
          "created_at",
          "AND OR NOT ( ) [ ] { } ~ ^ : \\",
          "\r\n",
          "\t");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "-2147483649",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-99999999999999999999999999",
          "0.5",
          "-0.0",
          "1e400",
          "1e-400",
          "1e999999999",
          "1e99999999999",
          "1E+2",
          "100000",
          "9".repeat(900),
          "9".repeat(1_100));

  private OddValues() {}

  static String text(Random random) {
    int choice = random.nextInt(20);
    if (choice == 0) {
      return "x".repeat(300 + random.nextInt(9_000));
    }
    if (choice == 1) {
      return "\u0436".repeat(4_000 + random.nextInt(40_000));
    }
    if (choice == 2 && random.nextInt(10) == 0) {
      return "y".repeat(1_200_000);
    }
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /** A short text, for a place that is limited to a few kilobytes. */
  static String shortText(Random random) {
    return random.nextInt(30) == 0
        ? "z".repeat(1_000 + random.nextInt(3_000))
        : TEXTS.get(random.nextInt(TEXTS.size()));
  }

  static String number(Random random) {
    return NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  /** Any JSON value, which need not be valid JSON. */
  static JsonNode json(Random random) {
    List<Supplier<JsonNode>> kinds =
        List.of(
            NODES::nullNode,
            () -> NODES.booleanNode(random.nextBoolean()),
            () -> raw(number(random)),
            () -> raw(number(random)),
            () -> NODES.textNode(text(random)),
            () -> NODES.textNode(text(random)),
            () -> NODES.textNode(text(random)),
            NODES::arrayNode,
            NODES::objectNode,
            () -> NODES.arrayNode().add(number(random)).addNull().add(1),
            () -> NODES.objectNode().put(text(random), 1).put("b", text(random)),
            () -> raw(nested(random, "[", "]")),
            () -> raw(nested(random, "{\"a\":", "}")),
            () -> raw("{\"a\":1,\"a\":2}"),
            () -> raw("{\"a\":1,}"),
            () -> raw("NaN"),
            () -> raw("01"),
            () -> raw("'a'"),
            () -> raw("\"\\x\""),
            () -> raw("\""),
            () -> raw(""),
            () -> many(random));
    return kinds.get(random.nextInt(kinds.size())).get();
  }

  private static JsonNode many(Random random) {
    var array = NODES.arrayNode();
    int count = 1 + random.nextInt(3_000);
    for (int i = 0; i < count; i++) {
      array.add("i" + i);
    }
    return array;
  }

  private static String nested(Random random, String open, String close) {
    int[] depths = {5, 25, 190, 205, 1_001, 5_000};
    int depth = depths[random.nextInt(depths.length)];
    return open.repeat(depth) + "1" + close.repeat(depth);
  }

  /** Text that is sent as it is. */
  static JsonNode raw(String text) {
    return NODES.rawValueNode(new RawValue(text));
  }

  /** Percent-encodes everything but letters and digits. */
  static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : WireRequest.encode(text)) {
      int c = b & 0xFF;
      boolean plain = c < 0x80 && Character.isLetterOrDigit(c);
      encoded.append(plain ? String.valueOf((char) c) : "%%%02X".formatted(c));
    }
    return encoded.toString();
  }

  /** Text as it can stand in a header: no line breaks, and bytes of Latin-1. */
  static String header(String text) {
    String latin = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    StringBuilder value = new StringBuilder();
    latin
        .replace('\r', ' ')
        .replace('\n', ' ')
        .chars()
        .forEach(c -> value.append(c < 0x80 ? (char) c : (char) (WireRequest.FIRST_RAW_BYTE + c)));
    return value.toString();
  }
}
