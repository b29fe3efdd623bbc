package dev.docket.elastic.index;

import dev.docket.elastic.client.Alias;
import dev.docket.elastic.record.RecordKind;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names and settings of the indices. Shards and replicas apply only when an index is created;
 * the server sets the refresh interval and the merge policy at each start.
 *
 * @param prefix the prefix of the names of indices, aliases and templates
 * @param shards the number of primary shards of an index
 * @param routingShards the number of shards into which an index can be split later, a multiple of
 *     {@code shards}
 * @param replicas the number of replicas of each shard
 * @param refreshInterval the time until searches find a write, a second or more
 * @param segmentsPerTier the number of segments of similar size before they are merged
 */
public record IndexSettings(
    String prefix,
    int shards,
    int routingShards,
    int replicas,
    Duration refreshInterval,
    int segmentsPerTier) {

  /** The default of Elasticsearch. */
  public static final int DEFAULT_SEGMENTS_PER_TIER = 10;

  private static final Pattern PREFIX = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public IndexSettings {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "prefix: must be 1 to 64 of a-z 0-9 _ - and start with a letter or digit (was "
              + prefix
              + ")");
    }
    if (shards < 1 || shards > 1024) {
      throw new IllegalArgumentException("shards: must be 1 to 1024 (was " + shards + ")");
    }
    if (routingShards < shards || routingShards % shards != 0 || routingShards > 1024) {
      throw new IllegalArgumentException(
          "routingShards: must be a multiple of shards, at most 1024 (was " + routingShards + ")");
    }
    if (replicas < 0 || replicas > 100) {
      throw new IllegalArgumentException("replicas: must be 0 to 100 (was " + replicas + ")");
    }
    if (refreshInterval.toSeconds() < 1 || refreshInterval.toMillis() % 1_000 != 0) {
      throw new IllegalArgumentException(
          "refreshInterval: must be whole seconds, at least 1 (was " + refreshInterval + ")");
    }
    if (segmentsPerTier < 2 || segmentsPerTier > 100) {
      throw new IllegalArgumentException(
          "segmentsPerTier: must be 2 to 100 (was " + segmentsPerTier + ")");
    }
  }

  /** Creates settings with a refresh interval of a second and the default merge policy. */
  public IndexSettings(String prefix, int shards, int routingShards, int replicas) {
    this(prefix, shards, routingShards, replicas, Duration.ofSeconds(1), DEFAULT_SEGMENTS_PER_TIER);
  }

  /**
   * Returns the index settings that are set at each start, by their paths below {@code index}, with
   * values in Elasticsearch's notation.
   */
  Map<String, String> dynamicSettings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("refresh_interval", refreshInterval.toSeconds() + "s");
    settings.put("merge.policy.segments_per_tier", String.valueOf(segmentsPerTier));
    return settings;
  }

  public Alias alias(RecordKind kind) {
    return new Alias(prefix + kind.plural());
  }
}
