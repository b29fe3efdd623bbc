package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A record of DANE's index.
 *
 * @param parent the id of the document of a task, or of the task of a result; empty for a document
 */
record DaneHit(String id, String parent, JsonNode source) {

  /** Reads a hit of a search. */
  static DaneHit of(JsonNode hit) {
    JsonNode source = hit.path("_source");
    return new DaneHit(hit.path("_id").asText(), source.at("/role/parent").asText(""), source);
  }
}
