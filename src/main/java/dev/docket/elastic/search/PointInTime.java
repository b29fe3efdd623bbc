package dev.docket.elastic.search;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.core.search.PointInTimeReference;
import dev.docket.elastic.client.Alias;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Elasticsearch point in time, so that several searches see the same records. Each search
 * extends it; Elasticsearch drops one that is not closed after its keep-alive. Not thread-safe.
 */
final class PointInTime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PointInTime.class);

  /** The usual keep-alive: longer than writing a page to a slow client takes. */
  static final Time KEEP_ALIVE = Time.of(t -> t.time("3m"));

  private final ElasticsearchClient client;
  private final Time keepAlive;
  private String id;
  private boolean closed;

  /** A point in time that exists already. */
  PointInTime(ElasticsearchClient client, String id, Time keepAlive) {
    this.client = client;
    this.id = id;
    this.keepAlive = keepAlive;
  }

  static PointInTime open(ElasticsearchClient client, Alias alias) throws IOException {
    return open(client, List.of(alias), KEEP_ALIVE);
  }

  static PointInTime open(ElasticsearchClient client, List<Alias> aliases, Time keepAlive)
      throws IOException {
    List<String> names = aliases.stream().map(Alias::value).toList();
    return new PointInTime(
        client,
        client
            .openPointInTime(
                o -> o.index(names).keepAlive(keepAlive).allowPartialSearchResults(false))
            .id(),
        keepAlive);
  }

  String id() {
    return id;
  }

  /** Returns the reference for a search request. */
  PointInTimeReference reference() {
    return PointInTimeReference.of(p -> p.id(id).keepAlive(keepAlive));
  }

  /** Takes over the id from a search response; each search may change it. */
  void updateId(@Nullable String newId) {
    if (newId != null) {
      id = newId;
    }
  }

  @Override
  public void close() {
    var unused = release();
  }

  /** Closes it, and returns whether it still existed. */
  boolean release() {
    if (closed) {
      return false;
    }
    closed = true;
    try {
      return client.closePointInTime(c -> c.id(id)).numFreed() > 0;
    } catch (IOException | ElasticsearchException e) {
      LOG.info(
          "A point in time cannot be closed and expires after {}: {}",
          keepAlive.time(),
          e.toString());
      return false;
    }
  }
}
