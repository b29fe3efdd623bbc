package dev.docket.elastic;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.elastic.record.RecordKind;
import java.time.Duration;

/** Docket's stores on the tests' Elasticsearch, with their own indices. */
public final class ElasticFixture implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ElasticClients clients;
  private final IndexSettings indices;
  private final ElasticBackend backend;

  private ElasticFixture(ElasticSettings settings, IndexSettings indices) {
    this.clients = ElasticClients.open(settings);
    this.indices = indices;
    this.backend = new ElasticBackend(settings, indices);
  }

  /** Opens stores with indices whose names start with the test class's prefix and a name. */
  public static ElasticFixture open(BackendsExtension backends, String name) {
    ElasticFixture fixture =
        new ElasticFixture(
            ElasticSettings.of(backends.elasticsearch().address()),
            new IndexSettings(backends.prefix() + "-" + name + "-", 1, 2, 0));
    fixture.backend.install(TIMEOUT);
    return fixture;
  }

  public ElasticBackend backend() {
    return backend;
  }

  public IndexSettings indices() {
    return indices;
  }

  ElasticClients clients() {
    return clients;
  }

  /** Returns a client for requests that bypass Docket. */
  public ElasticHttp http() {
    return new ElasticHttp(clients.rest());
  }

  /** Deletes all records of a kind. */
  public void empty(RecordKind kind) {
    ElasticHttp.RawResponse response =
        http().call("DELETE", "/" + indices.alias(kind).firstIndex(), null);
    if (!response.ok()) {
      throw new AssertionError(response.reason());
    }
    backend.install(TIMEOUT);
  }

  public void refresh() {
    ElasticHttp.RawResponse response =
        http().call("POST", "/" + indices.prefix() + "*/_refresh", null);
    if (!response.ok()) {
      throw new AssertionError(response.reason());
    }
  }

  @Override
  public void close() {
    backend.close();
    clients.close();
  }
}
