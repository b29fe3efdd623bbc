package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.BulkItem;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.WriteBlock;
import dev.docket.store.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RequestOptions;

/**
 * Checks that each index accepts writes: sends an update of a record that does not exist to each.
 * Elasticsearch checks blocks and the primary shard before it looks for the record, so nothing is
 * written.
 */
final class WriteProbe {

  private static final String ID = "docket-write-probe";
  private static final byte[] NOTHING = "{\"doc\":{}}".getBytes(StandardCharsets.US_ASCII);

  private static final ContentType NDJSON = ContentType.create("application/x-ndjson");

  private final ElasticHttp http;
  private final byte[] body;
  private final RequestOptions options;

  WriteProbe(ElasticHttp http, List<String> aliases, RequestOptions options) {
    this.http = http;
    this.options = options;
    this.body =
        BulkItem.lines(
            aliases.stream().map(alias -> BulkItem.update(new Alias(alias), ID, NOTHING)).toList());
  }

  /**
   * Returns why writes are rejected; empty if they are accepted.
   *
   * @throws StoreUnavailable if there is no response
   */
  Optional<String> error() {
    Request request = new Request("POST", "/_bulk");
    request.addParameter("require_alias", "true");
    request.addParameter("timeout", "1s");
    request.setOptions(options);
    request.setEntity(new NByteArrayEntity(body, NDJSON));
    ElasticHttp.RawResponse response = ElasticHttp.join(http.send(request));
    if (!response.ok()) {
      return Optional.of(explain(response.status(), response.json().path("error")));
    }
    for (JsonNode item : response.json().path("items")) {
      JsonNode update = item.path("update");
      JsonNode error = update.path("error");
      if (!error.isMissingNode()
          && !error.path("type").asText().equals("document_missing_exception")) {
        return Optional.of(explain(update.path("status").asInt(), error));
      }
    }
    return Optional.empty();
  }

  private static String explain(int status, JsonNode error) {
    String type = error.path("type").asText();
    String reason = error.path("reason").asText();
    return WriteBlock.explain(type, reason)
        .orElseGet(() -> "Elasticsearch rejects writes: " + status + " " + type + ": " + reason);
  }
}
