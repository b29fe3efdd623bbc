package dev.docket.elastic;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.elastic.record.RecordKind;
import java.time.Duration;

/** Docket's stores on the tests' Elasticsearch, with indices of their own. */
public final class ElasticFixture implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ElasticClients clients;
  private final IndexSettings indices;
  private final ElasticBackend elastic;

  private ElasticFixture(ElasticSettings settings, IndexSettings indices) {
    this.clients = ElasticClients.open(settings);
    this.indices = indices;
    this.elastic = new ElasticBackend(settings, indices);
  }

  /** With indices whose names begin with the class's prefix and a name. */
  public static ElasticFixture open(BackendsExtension backends, String name) {
    ElasticFixture opened =
        new ElasticFixture(
            ElasticSettings.of(backends.elasticsearch().address()),
            new IndexSettings(backends.prefix() + "-" + name + "-", 1, 2, 0));
    opened.elastic.install(TIMEOUT);
    return opened;
  }

  public ElasticBackend elastic() {
    return elastic;
  }

  public IndexSettings indices() {
    return indices;
  }

  ElasticClients clients() {
    return clients;
  }

  /** A request as it is, past all of Docket. */
  public ElasticHttp http() {
    return new ElasticHttp(clients.rest());
  }

  /** Without any record of the kind. */
  public void empty(RecordKind kind) {
    ElasticHttp.Reply reply = http().call("DELETE", "/" + indices.alias(kind).firstIndex(), null);
    if (!reply.ok()) {
      throw new AssertionError(reply.reason());
    }
    elastic.install(TIMEOUT);
  }

  public void refresh() {
    ElasticHttp.Reply reply = http().call("POST", "/" + indices.prefix() + "*/_refresh", null);
    if (!reply.ok()) {
      throw new AssertionError(reply.reason());
    }
  }

  @Override
  public void close() {
    elastic.close();
    clients.close();
  }
}
