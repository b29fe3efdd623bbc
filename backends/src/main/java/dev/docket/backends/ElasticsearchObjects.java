package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;

/** Indices, aliases and templates of an Elasticsearch. */
record ElasticsearchObjects(URI address) {

  /** One name at a time: wildcards are refused in the deletion of indices. */
  void deleteAll(String prefix) {
    try {
      for (String line :
          lines("/_cat/aliases/" + prefix + "*?expand_wildcards=all&h=index,alias")) {
        String[] words = line.split("\\s+", -1);
        delete("/" + words[0] + "/_alias/" + words[1]);
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
    HttpResponse<String> answer = Http.send("GET", address.resolve(path));
    if (answer.statusCode() != 200) {
      throw new IOException("GET " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private void delete(String path) throws IOException {
    HttpResponse<String> answer = Http.send("DELETE", address.resolve(path));
    if (answer.statusCode() != 200 && answer.statusCode() != 404) {
      throw new IOException("DELETE " + path + ": " + answer.statusCode() + " " + answer.body());
    }
  }
}
