package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordKind;
import dev.docket.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.http.client.config.RequestConfig;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the store can be worked with. Two small requests, whatever is stored. */
public final class ElasticHealth {

  private static final Logger LOG = LoggerFactory.getLogger(ElasticHealth.class);

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(200);

  /** Whoever asks how it is does not want to wait as long as for an answer that he needs. */
  private static final RequestOptions SHORT_TIMEOUT_OPTIONS =
      RequestOptions.DEFAULT.toBuilder()
          .setRequestConfig(
              RequestConfig.custom().setConnectTimeout(2_000).setSocketTimeout(5_000).build())
          .build();

  private final ElasticHttp http;
  private final String nodes;
  private final List<String> aliases;

  public ElasticHealth(RestClient client, IndexSettings settings) {
    this.http = new ElasticHttp(client);
    this.nodes =
        client.getNodes().stream()
            .map(node -> node.getHost().toURI())
            .collect(Collectors.joining(", "));
    this.aliases =
        Arrays.stream(RecordKind.values()).map(kind -> settings.alias(kind).value()).toList();
  }

  /**
   * How it is.
   *
   * @param message for people, also where all is well
   */
  public record Health(boolean healthy, String message) {}

  /** Whether Elasticsearch answers, each alias is on one index, and all records can be reached. */
  public Health check() {
    try {
      Health there = aliases();
      return there.healthy() ? status() : there;
    } catch (StoreUnavailable e) {
      return new Health(false, String.valueOf(e.getMessage()));
    }
  }

  /** Waits until Elasticsearch answers, whether or not the indices are there. */
  public void awaitAnswer(Duration atMost) {
    await(
        atMost,
        () -> {
          try {
            ElasticHttp.Reply reply =
                http.call("GET", "/_cluster/health", null, SHORT_TIMEOUT_OPTIONS);
            return new Health(reply.ok(), "the store answered " + reply.status());
          } catch (StoreUnavailable e) {
            return new Health(false, String.valueOf(e.getMessage()));
          }
        });
  }

  /** Waits until {@link #check} says that all is well. */
  public void awaitHealthy(Duration atMost) {
    await(atMost, this::check);
  }

  private void await(Duration atMost, Supplier<Health> look) {
    long end = System.nanoTime() + atMost.toNanos();
    Health last = look.get();
    if (!last.healthy()) {
      Duration rounded = Duration.ofSeconds((atMost.toMillis() + 999) / 1000);
      LOG.warn("Waiting up to {} for Elasticsearch at {}: {}", rounded, nodes, last.message());
    }
    while (!last.healthy()) {
      if (end - System.nanoTime() <= 0) {
        throw new StoreUnavailable("Elasticsearch at " + nodes + ": " + last.message());
      }
      pause();
      last = look.get();
    }
  }

  /** Until it is worth to look again. */
  public void pause() {
    try {
      Thread.sleep(PROBE_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while waiting for the store", e);
    }
  }

  private Health aliases() {
    ElasticHttp.Reply reply =
        http.call("GET", "/_alias/" + String.join(",", aliases), null, SHORT_TIMEOUT_OPTIONS);
    if (!reply.ok() && reply.status() != 404) {
      return new Health(false, "the store answered " + reply.reason());
    }
    List<String> troubles = new ArrayList<>();
    JsonNode indices = reply.json();
    for (String alias : aliases) {
      List<String> on =
          indices
              .propertyStream()
              .filter(index -> index.getValue().path("aliases").has(alias))
              .map(Map.Entry::getKey)
              .toList();
      if (on.size() != 1) {
        troubles.add("alias " + alias + (on.isEmpty() ? " is missing" : " is on " + on));
      }
    }
    return new Health(troubles.isEmpty(), String.join("; ", troubles));
  }

  private Health status() {
    ElasticHttp.Reply reply =
        http.call(
            "GET",
            "/_cluster/health/" + String.join(",", aliases) + "?timeout=1s&level=indices",
            null,
            SHORT_TIMEOUT_OPTIONS);
    String status = reply.json().path("status").asText();
    if (status.equals("green") || status.equals("yellow")) {
      return new Health(true, status);
    }
    String red =
        reply
            .json()
            .path("indices")
            .propertyStream()
            .filter(index -> index.getValue().path("status").asText().equals("red"))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return new Health(
        false,
        status.isEmpty()
            ? "the store answered " + reply.reason()
            : "records cannot be reached, the status is " + status + ": " + red);
  }
}
