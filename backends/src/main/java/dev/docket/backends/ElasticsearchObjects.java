package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;

/** Deletes indices, aliases and templates of an Elasticsearch. */
record ElasticsearchObjects(URI address) {

  /** Deletes indices by name, because Elasticsearch rejects wildcards there. */
  void deleteAll(String prefix) {
    try {
      for (String line :
          lines("/_cat/aliases/" + prefix + "*?expand_wildcards=all&h=index,alias")) {
        String[] fields = line.split("\\s+", -1);
        delete("/" + fields[0] + "/_alias/" + fields[1]);
      }
      for (String index : lines("/_cat/indices/" + prefix + "*?expand_wildcards=all&h=index")) {
        delete("/" + index);
      }
      delete("/_index_template/" + prefix + "*");
      delete("/_component_template/" + prefix + "*");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines(String path) throws IOException {
    HttpResponse<String> response = Http.send("GET", address.resolve(path));
    if (response.statusCode() != 200) {
      throw new IOException("GET " + path + ": " + response.statusCode() + " " + response.body());
    }
    return response.body().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private void delete(String path) throws IOException {
    HttpResponse<String> response = Http.send("DELETE", address.resolve(path));
    if (response.statusCode() != 200 && response.statusCode() != 404) {
      throw new IOException(
          "DELETE " + path + ": " + response.statusCode() + " " + response.body());
    }
  }
}
