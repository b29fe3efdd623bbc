package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.core.search.PointInTimeReference;
import dev.docket.elastic.client.Alias;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Elasticsearch point in time, so that several searches see the same records. Each search
 * extends it; Elasticsearch drops one that is not closed after {@link #KEEP_ALIVE}. Not
 * thread-safe.
 */
final class PointInTime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PointInTime.class);

  /** Longer than writing a page to a slow client takes. */
  static final Time KEEP_ALIVE = Time.of(t -> t.time("3m"));

  private final ElasticsearchClient client;
  private String id;
  private boolean closed;

  private PointInTime(ElasticsearchClient client, String id) {
    this.client = client;
    this.id = id;
  }

  static PointInTime open(ElasticsearchClient client, Alias alias) throws IOException {
    return new PointInTime(
        client,
        client
            .openPointInTime(
                o -> o.index(alias.value()).keepAlive(KEEP_ALIVE).allowPartialSearchResults(false))
            .id());
  }

  /** Returns the reference for a search request. */
  PointInTimeReference reference() {
    return PointInTimeReference.of(p -> p.id(id).keepAlive(KEEP_ALIVE));
  }

  /** Takes over the id from a search response; each search may change it. */
  void updateId(@Nullable String newId) {
    if (newId != null) {
      id = newId;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      client.closePointInTime(c -> c.id(id));
    } catch (IOException | ElasticsearchException e) {
      LOG.info(
          "A point in time cannot be closed and expires after {}: {}",
          KEEP_ALIVE.time(),
          e.toString());
    }
  }
}
