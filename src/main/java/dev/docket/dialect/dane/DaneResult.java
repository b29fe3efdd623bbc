package dev.docket.dialect.dane;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.result.Result;
import java.util.Map;
import java.util.TreeMap;

/** A result as DANE's clients and workers read it. */
public record DaneResult(
    @JsonProperty("_id") String id,
    Map<String, String> generator,
    JsonNode payload,
    String createdAt,
    String updatedAt) {

  static DaneResult of(Result result) {
    String time = DaneTime.text(result.createdAt());
    return new DaneResult(result.id().value(), generator(result), result.payload(), time, time);
  }

  /**
   * DANE's library takes no generator that lacks one of these; Docket's workers need not say it.
   */
  public static Map<String, String> generator(Result result) {
    Map<String, String> all = new TreeMap<>(result.generator());
    all.putIfAbsent("id", result.key().value());
    all.putIfAbsent("name", result.key().value());
    all.putIfAbsent("type", "Software");
    all.putIfAbsent("homepage", "");
    return all;
  }
}
