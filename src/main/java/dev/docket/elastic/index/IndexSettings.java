package dev.docket.elastic.index;

import dev.docket.elastic.client.Alias;
import dev.docket.elastic.record.RecordKind;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How indices are named and made. Shards and replicas count only when they are created; how they
 * are refreshed and merged is set at each start.
 *
 * @param prefix what the names of indices, aliases and templates begin with
 * @param shards over how many shards an index is spread
 * @param routingShards into how many it can be split later, a multiple of {@code shards}
 * @param replicas copies of each shard besides the first
 * @param refreshInterval after which searches find what was written, a second or more
 * @param segmentsPerTier how many segments of about one size there may be before they are merged
 */
public record IndexSettings(
    String prefix,
    int shards,
    int routingShards,
    int replicas,
    Duration refreshInterval,
    int segmentsPerTier) {

  /** What Elasticsearch takes by itself. */
  public static final int DEFAULT_SEGMENTS_PER_TIER = 10;

  private static final Pattern PREFIX = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public IndexSettings {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "prefix: must be 1 to 64 of a-z 0-9 _ - and begin with a letter or digit, was " + prefix);
    }
    if (shards < 1 || shards > 1024) {
      throw new IllegalArgumentException("shards: must be 1 to 1024, was " + shards);
    }
    if (routingShards < shards || routingShards % shards != 0 || routingShards > 1024) {
      throw new IllegalArgumentException(
          "routingShards: must be a multiple of shards, up to 1024, was " + routingShards);
    }
    if (replicas < 0 || replicas > 100) {
      throw new IllegalArgumentException("replicas: must be 0 to 100, was " + replicas);
    }
    if (refreshInterval.toSeconds() < 1 || refreshInterval.toMillis() % 1_000 != 0) {
      throw new IllegalArgumentException(
          "refreshInterval: must be whole seconds, at least 1, was " + refreshInterval);
    }
    if (segmentsPerTier < 2 || segmentsPerTier > 100) {
      throw new IllegalArgumentException(
          "segmentsPerTier: must be 2 to 100, was " + segmentsPerTier);
    }
  }

  /** With a refresh each second, merged as is usual. */
  public IndexSettings(String prefix, int shards, int routingShards, int replicas) {
    this(prefix, shards, routingShards, replicas, Duration.ofSeconds(1), DEFAULT_SEGMENTS_PER_TIER);
  }

  /**
   * What is set anew at each start, by its path below {@code index}, as Elasticsearch writes it.
   */
  Map<String, String> atEachStart() {
    Map<String, String> all = new TreeMap<>();
    all.put("refresh_interval", refreshInterval.toSeconds() + "s");
    all.put("merge.policy.segments_per_tier", String.valueOf(segmentsPerTier));
    return all;
  }

  public Alias alias(RecordKind kind) {
    return new Alias(prefix + kind.plural());
  }
}
