package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Reads all records of an index of Elasticsearch, from a point in time after a refresh. */
final class ElasticsearchRecords {

  private static final int PAGE_SIZE = 500;
  private static final String KEEP_ALIVE = "1m";

  private final RetryingClient client;

  ElasticsearchRecords(RetryingClient client) {
    this.client = client;
  }

  /**
   * Returns the hits, with the id and the source of each record.
   *
   * @param fields the fields of the source
   */
  List<JsonNode> all(String index, List<String> fields)
      throws InterruptedException, TimeoutException {
    request("/" + index + "/_refresh", null);
    String pointInTime =
        request("/" + index + "/_pit?keep_alive=" + KEEP_ALIVE, null).path("id").asText();
    List<JsonNode> all = new ArrayList<>();
    JsonNode after = null;
    while (true) {
      Map<String, Object> search = new HashMap<>();
      search.put("pit", Map.of("id", pointInTime, "keep_alive", KEEP_ALIVE));
      search.put("sort", List.of("_shard_doc"));
      search.put("size", PAGE_SIZE);
      search.put("_source", fields);
      if (after != null) {
        search.put("search_after", after);
      }
      JsonNode page = request("/_search", search).path("hits").path("hits");
      page.forEach(all::add);
      if (page.size() < PAGE_SIZE) {
        return all;
      }
      after = page.get(page.size() - 1).path("sort");
    }
  }

  private JsonNode request(String path, Object body) throws InterruptedException, TimeoutException {
    RetryingClient.Response response = client.post(path, body);
    if (response.status() != 200) {
      throw new IllegalStateException("Elasticsearch responds to " + path + ": " + response);
    }
    return response.body();
  }
}
