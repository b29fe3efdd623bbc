package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.http.batch.StreamedArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds responses in the shapes of Elasticsearch 7. */
final class IndexResponses {

  private final String index;
  private final ObjectMapper mapper;
  private final HitWriter sources;

  /**
   * @param index the name of the index
   */
  IndexResponses(String index, ObjectMapper mapper) {
    this.index = index;
    this.mapper = mapper;
    this.sources = new HitWriter(mapper);
  }

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

  ObjectNode created() {
    return mapper
        .createObjectNode()
        .put("acknowledged", true)
        .put("shards_acknowledged", true)
        .put("index", index);
  }

  /**
   * Writes the hits of a search, page by page.
   *
   * @param pages returns the next hits, and none at the end
   * @param filter null to write no sources
   * @param scrollId called after the last hit; returns null if this is no scroll
   */
  void writeHits(
      OutputStream out,
      long total,
      Supplier<List<Hit>> pages,
      @Nullable SourceFilter filter,
      Supplier<@Nullable String> scrollId)
      throws IOException {
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartObject();
      json.writeNumberField("took", 0);
      json.writeBooleanField("timed_out", false);
      json.writePOJOField("_shards", shards().put("skipped", 0));
      json.writeObjectFieldStart("hits");
      json.writeObjectFieldStart("total");
      json.writeNumberField("value", total);
      json.writeStringField("relation", "eq");
      json.writeEndObject();
      if (total == 0) {
        json.writeNullField("max_score");
      } else {
        json.writeNumberField("max_score", 1.0);
      }
      json.writeArrayFieldStart("hits");
      for (List<Hit> page = pages.get(); !page.isEmpty(); page = pages.get()) {
        for (Hit hit : page) {
          writeHit(json, hit, filter);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
      String id = scrollId.get();
      if (id != null) {
        json.writeStringField("_scroll_id", id);
      }
      json.writeEndObject();
    }
  }

  private void writeHit(JsonGenerator json, Hit hit, @Nullable SourceFilter filter)
      throws IOException {
    json.writeStartObject();
    writeName(json, hit.id());
    json.writeNumberField("_score", 1.0);
    writeRouting(json, hit);
    if (filter != null) {
      sources.writeSource(json, hit, filter);
    }
    json.writeEndObject();
  }

  /**
   * Writes a record.
   *
   * @param filter null to write no source
   */
  void writeRecord(OutputStream out, Hit hit, @Nullable SourceFilter filter) throws IOException {
    try (JsonGenerator json = StreamedArray.generator(mapper, out)) {
      json.writeStartObject();
      writeName(json, hit.id());
      json.writeNumberField("_version", 1);
      json.writeNumberField("_seq_no", 0);
      json.writeNumberField("_primary_term", 1);
      writeRouting(json, hit);
      json.writeBooleanField("found", true);
      if (filter != null) {
        sources.writeSource(json, hit, filter);
      }
      json.writeEndObject();
    }
  }

  private void writeName(JsonGenerator json, String id) throws IOException {
    json.writeStringField("_index", index);
    json.writeStringField("_type", "_doc");
    json.writeStringField("_id", id);
  }

  private static void writeRouting(JsonGenerator json, Hit hit) throws IOException {
    if (hit.routing() != null) {
      json.writeStringField("_routing", hit.routing());
    }
  }

  ObjectNode noRecord(String id) {
    return of(id).put("found", false);
  }

  /** The outcome of a write: {@code created}, {@code deleted} or {@code not_found}. */
  ObjectNode written(String id, String result) {
    ObjectNode response = of(id).put("_version", 1).put("result", result);
    response.set("_shards", shards());
    return response.put("_seq_no", 0).put("_primary_term", 1);
  }

  private ObjectNode of(String id) {
    return mapper.createObjectNode().put("_index", index).put("_type", "_doc").put("_id", id);
  }

  private ObjectNode shards() {
    return mapper.createObjectNode().put("total", 1).put("successful", 1).put("failed", 0);
  }
}
