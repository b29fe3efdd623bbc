package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the bodies and parameters of calls. */
final class IndexCalls {

  /** Elasticsearch's limit. */
  private static final Duration MAX_KEEP_ALIVE = Duration.ofDays(1);

  private static final Pattern KEEP_ALIVE = Pattern.compile("\\d{1,9}(d|h|m|s|ms)");
  private static final List<String> UNSUPPORTED = List.of("q", "sort", "rest_total_hits_as_int");

  private final ObjectMapper mapper;

  IndexCalls(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** A body, which may be absent. */
  ObjectNode body(InputStream body) {
    JsonNode json;
    try {
      json = mapper.readTree(body);
    } catch (JsonProcessingException notJson) {
      throw InvalidQuery.parsing("the body must be a JSON object: " + notJson.getOriginalMessage());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    if (json == null || json.isMissingNode()) {
      return mapper.createObjectNode();
    }
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw InvalidQuery.parsing("the body must be a JSON object");
  }

  /** The body of a search, with the parameters of the URL, which win. */
  ObjectNode search(InputStream input, MultivaluedMap<String, String> parameters) {
    for (String name : UNSUPPORTED) {
      if (parameters.containsKey(name)) {
        throw InvalidQuery.unsupported("a search with the parameter [" + name + "]");
      }
    }
    ObjectNode body = body(input);
    for (String name : List.of("size", "from")) {
      if (parameters.containsKey(name)) {
        body.put(name, parameters.getFirst(name));
      }
    }
    JsonNode source = source(parameters);
    if (source != null) {
      body.set("_source", source);
    }
    return body;
  }

  /** The wanted part of a source; null if the parameters do not say. */
  @Nullable JsonNode source(MultivaluedMap<String, String> parameters) {
    String whole = parameters.getFirst("_source");
    if (whole != null && (whole.equals("true") || whole.equals("false"))) {
      return mapper.getNodeFactory().booleanNode(whole.equals("true"));
    }
    ObjectNode source = mapper.createObjectNode();
    ArrayNode includes = source.putArray("includes");
    ArrayNode excludes = source.putArray("excludes");
    addAll(includes, whole);
    addAll(includes, parameters.getFirst("_source_includes"));
    addAll(includes, parameters.getFirst("_source_include"));
    addAll(excludes, parameters.getFirst("_source_excludes"));
    addAll(excludes, parameters.getFirst("_source_exclude"));
    return includes.isEmpty() && excludes.isEmpty() ? null : source;
  }

  private static void addAll(ArrayNode patterns, @Nullable String list) {
    if (list != null) {
      for (String pattern : list.split(",", -1)) {
        if (!pattern.isEmpty()) {
          patterns.add(pattern);
        }
      }
    }
  }

  /** How long to keep a scroll, such as {@code 10m}. */
  static Duration keepAlive(String text) {
    if (!KEEP_ALIVE.matcher(text).matches()) {
      throw InvalidQuery.argument(
          "failed to parse setting [scroll] with value [" + text + "] as a time value");
    }
    Duration duration = io.dropwizard.util.Duration.parse(text).toJavaDuration();
    if (duration.compareTo(MAX_KEEP_ALIVE) > 0) {
      throw InvalidQuery.argument("Keep alive for request (" + text + ") is too large");
    }
    return duration;
  }
}
