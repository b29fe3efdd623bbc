package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
   * The hits of a search.
   *
   * @param withSource whether the caller asked for more than the ids
   */
  ObjectNode hits(String index, List<Found> found, boolean withSource) {
    ObjectNode response = mapper.createObjectNode().put("took", 0).put("timed_out", false);
    response.set("_shards", shards().put("skipped", 0));
    ObjectNode hits = response.putObject("hits");
    hits.putObject("total").put("value", found.size()).put("relation", "eq");
    hits.put("max_score", 1.0);
    ArrayNode all = hits.putArray("hits");
    for (Found one : found) {
      ObjectNode hit = of(index, one.id()).put("_score", 1.0);
      if (withSource) {
        hit.set("_source", mapper.<JsonNode>valueToTree(one.source()));
      }
      all.add(hit);
    }
    return response;
  }

  ObjectNode document(String index, Found found) {
    ObjectNode response =
        of(index, found.id()).put("_version", 1).put("_seq_no", 0).put("_primary_term", 1);
    response.put("found", true);
    response.set("_source", mapper.<JsonNode>valueToTree(found.source()));
    return response;
  }

  ObjectNode noDocument(String index, String id) {
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
