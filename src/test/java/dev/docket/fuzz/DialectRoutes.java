package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.fuzz.RequestDraft.Field;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Valid requests to DANE's HTTP API and to the port of {@code dane.store}, from a file. {@code
 * ${document}} and the like stand for existing records.
 */
final class DialectRoutes implements Routes {

  private static final String FILE = "/fuzz/dialect-routes.json";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z]+)}");

  private final List<JsonNode> routes = new ArrayList<>();

  DialectRoutes() {
    try (InputStream file = DialectRoutes.class.getResourceAsStream(FILE)) {
      new ObjectMapper().readTree(file).forEach(routes::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int size() {
    return routes.size();
  }

  /** The method and the path of each route, without query. */
  List<String> names() {
    return routes.stream()
        .map(route -> route.path("method").asText() + " " + route.path("path").asText())
        .map(route -> route.replaceAll("\\?.*", ""))
        .toList();
  }

  @Override
  public RequestDraft draft(int index, RecordPool pool, Random random) {
    JsonNode route = routes.get(index);
    String method = route.path("method").asText();
    String path = route.path("path").asText();
    String[] parts = path.split("\\?", 2);
    JsonNode body = route.path("body").deepCopy();
    RequestDraft draft =
        new RequestDraft(
            method + " " + path,
            !path.startsWith("/DANE"),
            method,
            replaced(parts[0], pool, random, true),
            body.isMissingNode() ? MissingNode.getInstance() : filled(body, pool, random));
    if (parts.length > 1) {
      for (String parameter : parts[1].split("&", -1)) {
        String[] field = parameter.split("=", 2);
        draft.query.add(
            new Field(field[0], field.length > 1 ? replaced(field[1], pool, random, true) : ""));
      }
    }
    if (draft.hasBody()) {
      draft.headers.add(new Field("Content-Type", "application/json"));
    }
    return draft;
  }

  private static JsonNode filled(JsonNode json, RecordPool pool, Random random) {
    if (json instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
        object.set(member.getKey(), filled(member.getValue(), pool, random));
      }
    } else if (json instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, filled(array.get(i), pool, random));
      }
    } else if (json.isTextual()) {
      return TextNode.valueOf(replaced(json.textValue(), pool, random, false));
    }
    return json;
  }

  private static String replaced(String text, RecordPool pool, Random random, boolean encode) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            found -> {
              String value = pool.named(found.group(1), random);
              return Matcher.quoteReplacement(encode ? OddValues.percentEncoded(value) : value);
            });
  }
}
