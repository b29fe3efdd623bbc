package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A response to a search, of which one hit at a time is in memory as a tree.
 *
 * @param total the number of hits of the whole search
 * @param hits the number of hits in this response
 * @param complete whether all shards responded
 */
record SearchPage(String scrollId, long total, int hits, boolean complete) {

  /** Reads a response, and passes on its hits. */
  static SearchPage read(byte[] body, Consumer<DaneHit> hit) {
    // From characters, because Jackson 2.21.0 cannot read names with escaped surrogates from bytes.
    try (JsonParser json =
        DaneJson.MAPPER.createParser(
            new InputStreamReader(new ByteArrayInputStream(body), StandardCharsets.UTF_8))) {
      String scrollId = "";
      int failedShards = 0;
      long total = 0;
      int count = 0;
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "_scroll_id" -> scrollId = json.getText();
          case "_shards" -> failedShards = json.<JsonNode>readValueAsTree().path("failed").asInt();
          case "hits" -> {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
              String inner = json.currentName();
              json.nextToken();
              if (inner.equals("total")) {
                total = json.<JsonNode>readValueAsTree().path("value").asLong();
              } else if (inner.equals("hits")) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                  hit.accept(DaneHit.of(json.readValueAsTree()));
                  count++;
                }
              } else {
                json.skipChildren();
              }
            }
          }
          default -> json.skipChildren();
        }
      }
      return new SearchPage(scrollId, total, count, failedShards == 0);
    } catch (IOException e) {
      throw new ImportFailed("DANE's Elasticsearch sent a response that cannot be read: " + e, e);
    }
  }
}
