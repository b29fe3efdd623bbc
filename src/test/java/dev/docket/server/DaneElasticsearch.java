package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.dialect.dane.importing.DaneConnection;
import dev.docket.dialect.dane.importing.DaneSampleData;
import dev.docket.dialect.dane.importing.ImportReport;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.protocol.docket.DocketProtocol;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;

/** The Elasticsearch 7.17 of a DANE site, with DANE's index. */
public final class DaneElasticsearch implements AutoCloseable {

  public static final String INDEX = "dane-index";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalElasticsearch elasticsearch;

  /** Starts Elasticsearch with an empty index. */
  public DaneElasticsearch(Path dir) throws IOException {
    this(ElasticsearchSettings.daneIn(dir).withQuickStart());
  }

  DaneElasticsearch(ElasticsearchSettings settings) throws IOException {
    elasticsearch = LocalElasticsearch.start(settings);
    call("PUT", "/" + INDEX, resource("/dane/index-mapping.json"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DaneElasticsearch.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public URI address() {
    return elasticsearch.address();
  }

  /** Stores the records in their order. */
  public void store(DaneSampleData data) throws IOException {
    JsonNode response = call("POST", "/" + INDEX + "/_bulk?refresh=true", data.bulk());
    for (JsonNode item : response.path("items")) {
      if (item.at("/create/status").asInt() != 201) {
        throw new IOException(item.toString());
      }
    }
  }

  /** Sends a request with JSON, and fails unless the status is 200 or 201. */
  public JsonNode call(String method, String path, String body) throws IOException {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(address().resolve(path))
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IOException(response.statusCode() + " " + response.body());
      }
      return JSON.readTree(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Imports everything into Docket, with UTC as DANE's time zone.
   *
   * @param yaml Docket's configuration, as {@link TestServer#config} creates it
   */
  public ImportReport importInto(String yaml) throws Exception {
    return importInto(yaml, ZoneOffset.UTC, line -> {});
  }

  ImportReport importInto(String yaml, ZoneId zone, Consumer<String> progress) throws Exception {
    return new DaneImportWiring(config(yaml), List.of(DocketProtocol::new, DaneProtocol::new))
        .run(DaneConnection.of(address().toString(), INDEX), zone, progress);
  }

  static DocketConfig config(String yaml) throws Exception {
    return new YamlConfigurationFactory<>(
            DocketConfig.class, Validators.newValidator(), DocketApplication.configMapper(), "dw")
        .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yml");
  }

  @Override
  public void close() {
    elasticsearch.close();
  }
}
