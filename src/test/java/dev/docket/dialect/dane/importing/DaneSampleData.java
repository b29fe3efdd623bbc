package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Data in the form of DANE's index, see {@code resources/dane/index-mapping.json}. */
public final class DaneSampleData {

  /**
   * The states of the tasks of {@link #everyState}: those of DANE, and some that workers made up.
   */
  public static final List<Integer> STATES =
      List.of(102, 200, 201, 205, 400, 403, 404, 412, 418, 422, 500, 502, 503, 999);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

  private final List<Sample> records = new ArrayList<>();
  private LocalDateTime time = LocalDateTime.of(2021, 7, 1, 12, 0, 0);
  private int results;

  /** A record with the routing that DANE gives it; null for a document. */
  public record Sample(String id, String routing, ObjectNode source) {

    String role() {
      JsonNode role = source.path("role");
      return role.isTextual() ? role.textValue() : role.path("name").asText();
    }

    DaneHit hit() {
      return new DaneHit(id, source.at("/role/parent").asText(""), source.deepCopy());
    }
  }

  /** All traps of DANE's data, and a task in every state. */
  public static DaneSampleData small() {
    DaneSampleData data = new DaneSampleData();
    data.everyState("states", "archive");
    data.traps();
    data.largePayloads();
    data.invalid();
    return data;
  }

  /** A document with a task in each state; those of 200 and 500 have results. */
  public String everyState(Object target, Object creator) {
    String document = document(target, creator, Map.of(), Map.of());
    for (int state : STATES) {
      String task = task(document, "S" + state, state, Map.of("n", state));
      if (state == 200 || state == 500 || state == 201) {
        result(task, Map.of("text", "first of " + state));
        result(task, Map.of("text", "second of " + state));
      }
    }
    return document;
  }

  private void traps() {
    String numbers = document(12345, 7, Map.of("size", 3), Map.of("role", "owner"));
    result(task(numbers, "NUMBERS", 200, Map.of()), Map.of());
    document("1", "23", Map.of(), Map.of("name", "Jan"));
    String old = document("old", "archive", Map.of(), Map.of());
    last().source().remove(Set.of("created_at", "updated_at"));
    task(old, "OLD", 200, Map.of());
    last().source().remove(Set.of("created_at", "updated_at"));
    ((ObjectNode) last().source().path("task")).put("speed", 2).put("state", "200");
    Map<String, Object> args = new LinkedHashMap<>();
    args.put("z", 1.50);
    args.put("none", null);
    args.put("list", List.of(1, 2));
    result(
        task(document("args", "archive", Map.of(), Map.of()), "ARGS", 500, args), Map.of("n", 1));
    ((ObjectNode) records.get(records.size() - 2).source().path("task")).put("priority", 11);
    result("0000000000000000000000000000000000000000", Map.of("lost", true));
    String orphan = task("1111111111111111111111111111111111111111", "ORPHAN", 200, Map.of());
    result(orphan, Map.of("lost", true));
  }

  private void largePayloads() {
    String task = task(document("large", "archive", Map.of(), Map.of()), "ASR", 200, Map.of());
    for (int kilobytes : new int[] {20, 300, 2000}) {
      result(task, Map.of("text", "w ".repeat(kilobytes * 512)));
    }
  }

  private void invalid() {
    String film = document("film", "archive", Map.of("type", "Film"), Map.of());
    result(task(film, "ASR", 200, Map.of()), Map.of("n", 1));
    String dotted = document("dotted", "archive", Map.of(), Map.of());
    result(task(dotted, "A.B", 200, Map.of()), Map.of("n", 1));
  }

  /**
   * Many documents with one task and one result each.
   *
   * @param from the number of the first one
   */
  public static DaneSampleData many(int from, int count) {
    DaneSampleData data = new DaneSampleData();
    data.results = from;
    for (int i = from; i < from + count; i++) {
      String document = data.document("program-" + i, "archive", Map.of(), Map.of());
      String task = data.task(document, "ASR", i % 50 == 0 ? 201 : 200, Map.of("n", i));
      data.result(task, Map.of("transcript", "words of program " + i, "n", i));
    }
    return data;
  }

  /** Adds a document and returns its id. */
  public String document(
      Object target, Object creator, Map<String, ?> moreOfTarget, Map<String, ?> moreOfCreator) {
    String id = sha1(String.valueOf(target) + creator);
    ObjectNode source = DaneJson.MAPPER.createObjectNode();
    source
        .putObject("target")
        .put("url", "http://archive.example/" + target)
        .put("type", "Video")
        .<ObjectNode>set("id", json(target))
        .setAll((ObjectNode) json(moreOfTarget));
    source
        .putObject("creator")
        .put("type", "Organization")
        .<ObjectNode>set("id", json(creator))
        .setAll((ObjectNode) json(moreOfCreator));
    source.put("role", "document");
    return add(id, null, source);
  }

  /** Adds a task and returns its id. */
  public String task(String document, String key, int state, Map<String, ?> args) {
    ObjectNode source = DaneJson.MAPPER.createObjectNode();
    ObjectNode task = source.putObject("task");
    String message = state == 422 ? "Unroutable task" : "Message " + state;
    task.put("key", key).put("state", state).put("msg", message).put("priority", 1);
    if (!args.isEmpty()) {
      task.set("args", json(args));
    }
    source.putObject("role").put("name", "task").put("parent", document);
    return add(sha1(document + key), document, source);
  }

  /** Adds a result and returns its id. */
  public String result(String task, Map<String, ?> payload) {
    ObjectNode source = DaneJson.MAPPER.createObjectNode();
    ObjectNode result = source.putObject("result");
    result
        .putObject("generator")
        .put("id", "rev1")
        .put("type", "Software")
        .put("name", "TESTER")
        .put("homepage", "http://tester.example");
    result.set("payload", json(payload));
    source.putObject("role").put("name", "result").put("parent", task);
    return add(resultId(results++), task, source);
  }

  /** 20 characters, of which the first may be a hyphen or an underscore. */
  private static String resultId(int number) {
    String first = String.valueOf("-_aZ".charAt(number % 4));
    byte[] bytes = ByteBuffer.allocate(12).putInt(8, number).array();
    return first + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "__z";
  }

  private String add(String id, String routing, ObjectNode source) {
    String now = TIME.format(time);
    time = time.plusSeconds(1);
    source.put("created_at", now).put("updated_at", now);
    records.add(new Sample(id, routing, source));
    return id;
  }

  private Sample last() {
    return records.get(records.size() - 1);
  }

  public List<Sample> records() {
    return List.copyOf(records);
  }

  /** The ids of the records of a role. */
  public List<String> ids(String role) {
    return records.stream().filter(r -> r.role().equals(role)).map(Sample::id).toList();
  }

  /** The body of a bulk request that stores all records in order. */
  public String bulk() {
    return records.stream()
        .map(
            record -> {
              ObjectNode action = DaneJson.MAPPER.createObjectNode();
              ObjectNode create = action.putObject("create").put("_id", record.id());
              if (record.routing() != null) {
                create.put("routing", record.routing());
              }
              return action + "\n" + record.source() + "\n";
            })
        .collect(Collectors.joining());
  }

  private static JsonNode json(Object value) {
    return DaneJson.MAPPER.valueToTree(value);
  }

  /** The form of DANE's ids. */
  public static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
