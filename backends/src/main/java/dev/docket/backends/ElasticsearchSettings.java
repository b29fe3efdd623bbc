package dev.docket.backends;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of a local Elasticsearch.
 *
 * @param home the unpacked distribution; it is only read
 * @param dir directory for data, logs and configuration; a later start continues with the data. If
 *     this JVM runs as root, the directory is given to the user nobody.
 * @param port HTTP port, 0 for a free one
 * @param heap heap size in the JVM's notation, such as {@code 512m}
 * @param quickStart whether to disable the JVM's second compiler: Elasticsearch starts in half the
 *     time, but is slower under load
 * @param overrides additional settings for {@code elasticsearch.yml}; they override the built-in
 *     ones
 * @param startTimeout how long a start may take
 */
public record ElasticsearchSettings(
    Path home,
    Path dir,
    int port,
    String heap,
    boolean quickStart,
    Map<String, String> overrides,
    Duration startTimeout) {

  public ElasticsearchSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 0 and 65535 (was " + port + ")");
    }
    overrides = Map.copyOf(overrides);
  }

  /** The distribution of this repository on a free port. */
  public static ElasticsearchSettings in(Path dir) {
    return new ElasticsearchSettings(
        ElasticsearchHome.find(), dir, 0, "512m", false, Map.of(), Duration.ofMinutes(3));
  }

  /** The release that DANE runs on, which has join fields, on a free port. */
  public static ElasticsearchSettings daneIn(Path dir) {
    return new ElasticsearchSettings(
        ElasticsearchHome.findDane(), dir, 0, "512m", false, Map.of(), Duration.ofMinutes(3));
  }

  public ElasticsearchSettings withPort(int newPort) {
    return new ElasticsearchSettings(home, dir, newPort, heap, quickStart, overrides, startTimeout);
  }

  public ElasticsearchSettings withHeap(String newHeap) {
    return new ElasticsearchSettings(home, dir, port, newHeap, quickStart, overrides, startTimeout);
  }

  /** Enables the quick start, for tests: they start Elasticsearch often and use it little. */
  public ElasticsearchSettings withQuickStart() {
    return new ElasticsearchSettings(home, dir, port, heap, true, overrides, startTimeout);
  }

  public ElasticsearchSettings withStartTimeout(Duration timeout) {
    return new ElasticsearchSettings(home, dir, port, heap, quickStart, overrides, timeout);
  }

  /** Adds a setting to {@code elasticsearch.yml}. */
  public ElasticsearchSettings with(String setting, String value) {
    Map<String, String> all = new TreeMap<>(overrides);
    all.put(setting, value);
    return new ElasticsearchSettings(home, dir, port, heap, quickStart, all, startTimeout);
  }
}
