package dev.docket.backends;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Deletes queues and exchanges of a RabbitMQ through its management API. */
record RabbitMqObjects(URI management) {

  private static final ObjectMapper JSON = new ObjectMapper();

  void deleteAll(String prefix) {
    try {
      for (String kind : List.of("/api/queues", "/api/exchanges")) {
        for (String name : names(kind)) {
          if (name.startsWith(prefix)) {
            delete(kind + "/%2F/" + encoded(name));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names(String kind) throws IOException {
    HttpResponse<String> response = Http.send("GET", management.resolve(kind + "?columns=name"));
    if (response.statusCode() != 200) {
      throw new IOException("GET " + kind + ": " + response.statusCode() + " " + response.body());
    }
    List<String> names = new ArrayList<>();
    for (JsonNode each : JSON.readTree(response.body())) {
      names.add(each.path("name").asText());
    }
    return names;
  }

  private void delete(String path) throws IOException {
    int status = Http.send("DELETE", management.resolve(path)).statusCode();
    if (status != 204 && status != 404) {
      throw new IOException("DELETE " + path + ": " + status);
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
