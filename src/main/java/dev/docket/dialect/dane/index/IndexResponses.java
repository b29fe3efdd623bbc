package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.http.batch.StreamedArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Builds responses in the shapes of Elasticsearch 7. */
final class IndexResponses {

  private final ObjectMapper mapper;

  IndexResponses(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** A record and its id. */
  record Found(@JsonProperty("_id") String id, Object source) {}

  /** What the client checks before it accepts the server as Elasticsearch. */
  ObjectNode self() {
    ObjectNode self =
        mapper
            .createObjectNode()
            .put("name", "docket")
            .put("cluster_name", "docket")
            .put("cluster_uuid", "docket")
            .put("tagline", "You Know, for Search");
    self.putObject("version")
        .put("number", "7.17.0")
        .put("build_flavor", "default")
        .put("build_type", "docket")
        .put("lucene_version", "8.11.1")
        .put("minimum_wire_compatibility_version", "6.8.0")
        .put("minimum_index_compatibility_version", "6.0.0-beta1");
    return self;
  }

  ObjectNode created(String index) {
    return mapper
        .createObjectNode()
        .put("acknowledged", true)
        .put("shards_acknowledged", true)
        .put("index", index);
  }

  /**
   * Writes the hits of a search. Sources can contain stored payloads, so they are written one at a
   * time.
   *
   * @param withSource whether the caller asked for more than the ids
   */
  void writeHits(OutputStream out, String index, List<Found> found, boolean withSource)
      throws IOException {
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartObject();
      json.writeNumberField("took", 0);
      json.writeBooleanField("timed_out", false);
      json.writePOJOField("_shards", shards().put("skipped", 0));
      json.writeObjectFieldStart("hits");
      json.writeObjectFieldStart("total");
      json.writeNumberField("value", found.size());
      json.writeStringField("relation", "eq");
      json.writeEndObject();
      json.writeNumberField("max_score", 1.0);
      json.writeArrayFieldStart("hits");
      for (Found one : found) {
        json.writeStartObject();
        writeName(json, index, one.id());
        json.writeNumberField("_score", 1.0);
        if (withSource) {
          json.writePOJOField("_source", one.source());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  /** Writes a record. */
  void writeRecord(OutputStream out, String index, Found found) throws IOException {
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartObject();
      writeName(json, index, found.id());
      json.writeNumberField("_version", 1);
      json.writeNumberField("_seq_no", 0);
      json.writeNumberField("_primary_term", 1);
      json.writeBooleanField("found", true);
      json.writePOJOField("_source", found.source());
      json.writeEndObject();
    }
  }

  private static void writeName(JsonGenerator json, String index, String id) throws IOException {
    json.writeStringField("_index", index);
    json.writeStringField("_type", "_doc");
    json.writeStringField("_id", id);
  }

  ObjectNode noRecord(String index, String id) {
    return of(index, id).put("found", false);
  }

  /** The outcome of a write: {@code created}, {@code deleted} or {@code not_found}. */
  ObjectNode written(String index, String id, String result) {
    ObjectNode response = of(index, id).put("_version", 1).put("result", result);
    response.set("_shards", shards());
    return response.put("_seq_no", 0).put("_primary_term", 1);
  }

  private ObjectNode of(String index, String id) {
    return mapper.createObjectNode().put("_index", index).put("_type", "_doc").put("_id", id);
  }

  private ObjectNode shards() {
    return mapper.createObjectNode().put("total", 1).put("successful", 1).put("failed", 0);
  }
}
