package dev.docket.backends;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to start an Elasticsearch.
 *
 * @param home the unpacked distribution, which is only read
 * @param dir holds data, logs and configuration; a later start finds the data again. As root it is
 *     given to the user nobody.
 * @param port 0 for a free one
 * @param heap size as the JVM writes it, such as {@code 512m}
 * @param quickStart spares the second compiler: it is ready in half the time, and slower under load
 * @param more further lines of {@code elasticsearch.yml}; they win over the built-in ones
 * @param limit for the start
 */
public record ElasticsearchSettings(
    Path home,
    Path dir,
    int port,
    String heap,
    boolean quickStart,
    Map<String, String> more,
    Duration limit) {

  public ElasticsearchSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port);
    }
    more = Map.copyOf(more);
  }

  /** The repository's own distribution on a free port. */
  public static ElasticsearchSettings in(Path dir) {
    return new ElasticsearchSettings(
        ElasticsearchHome.find(), dir, 0, "512m", false, Map.of(), Duration.ofMinutes(3));
  }

  public ElasticsearchSettings withPort(int newPort) {
    return new ElasticsearchSettings(home, dir, newPort, heap, quickStart, more, limit);
  }

  public ElasticsearchSettings withHeap(String newHeap) {
    return new ElasticsearchSettings(home, dir, port, newHeap, quickStart, more, limit);
  }

  /** For tests, where it is started often and does little. */
  public ElasticsearchSettings withQuickStart() {
    return new ElasticsearchSettings(home, dir, port, heap, true, more, limit);
  }

  public ElasticsearchSettings withLimit(Duration newLimit) {
    return new ElasticsearchSettings(home, dir, port, heap, quickStart, more, newLimit);
  }

  /** Adds a setting of {@code elasticsearch.yml}. */
  public ElasticsearchSettings with(String setting, String value) {
    Map<String, String> all = new TreeMap<>(more);
    all.put(setting, value);
    return new ElasticsearchSettings(home, dir, port, heap, quickStart, all, limit);
  }
}
