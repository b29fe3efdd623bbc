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
 * A moment that Elasticsearch keeps for searches, so that many of them see the same. Each search
 * prolongs it; what is not closed is forgotten after {@link #KEEP_ALIVE}. For one thread.
 */
final class PointInTime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PointInTime.class);

  /** Longer than a page takes to be written to a slow caller. */
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

  /** What a search says to see this moment. */
  PointInTimeReference reference() {
    return PointInTimeReference.of(p -> p.id(id).keepAlive(KEEP_ALIVE));
  }

  /** Under what name it goes from now on. */
  void renamed(@Nullable String newId) {
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
      LOG.info("A search's point in time is left to end by itself: {}", e.toString());
    }
  }
}
