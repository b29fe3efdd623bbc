package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Indices as an earlier release left them, with records from the test's resources. */
final class FormerRecords {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI elasticsearch;
  private final String prefix;

  FormerRecords(URI elasticsearch, String prefix) {
    this.elasticsearch = elasticsearch;
    this.prefix = prefix;
  }

  /** Creates an index with the mapping in this resource. */
  void createIndex(String kind, String mapping) throws Exception {
    call("PUT", "/_component_template/" + prefix + "settings", read(template("settings")));
    call("PUT", "/_component_template/" + prefix + kind, read(mapping));
    call(
        "PUT",
        "/_index_template/" + prefix + kind,
        read("/index-templates/index/" + kind + ".json").replace("${prefix}", prefix));
    call(
        "PUT",
        "/" + prefix + kind + "-v1",
        "{\"aliases\":{\"" + prefix + kind + "\":{}},\"settings\":{\"number_of_replicas\":0}}");
  }

  /** The current mapping of a kind. */
  static String template(String kind) {
    return "/index-templates/component/" + kind + ".json";
  }

  /** Stores the records in this resource: one line for each, with its id. */
  void storeAll(String kind, String resource) throws Exception {
    for (String line : read(resource).lines().toList()) {
      store(kind, JSON.readTree(line).path("id").asText(), line);
    }
  }

  void store(String kind, String id, String source) throws Exception {
    call("PUT", "/" + prefix + kind + "/_doc/" + id, source);
  }

  /** Counts the records that match a query, after a refresh. */
  long count(String kind, String query) throws Exception {
    call("POST", "/" + prefix + kind + "/_refresh", "");
    return call("POST", "/" + prefix + kind + "/_count", "{\"query\":" + query + "}")
        .path("count")
        .asLong();
  }

  JsonNode record(String kind, String id) throws Exception {
    return call("GET", "/" + prefix + kind + "/_doc/" + id, "").path("_source");
  }

  /** Changes fields of a record. */
  void change(String kind, String id, String fields) throws Exception {
    call("POST", "/" + prefix + kind + "/_update/" + id, "{\"doc\":" + fields + "}");
  }

  private JsonNode call(String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(elasticsearch.resolve(path))
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new AssertionError(method + " " + path + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  static String read(String resource) throws IOException {
    try (InputStream file = FormerRecords.class.getResourceAsStream(resource)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
