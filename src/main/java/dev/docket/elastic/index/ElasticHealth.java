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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.http.client.config.RequestConfig;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health check of Elasticsearch: three small requests, regardless of the number of records. */
public final class ElasticHealth {

  private static final Logger LOG = LoggerFactory.getLogger(ElasticHealth.class);

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(200);

  /** A health check waits less long than other requests. */
  private static final RequestOptions SHORT_TIMEOUT_OPTIONS =
      RequestOptions.DEFAULT.toBuilder()
          .setRequestConfig(
              RequestConfig.custom().setConnectTimeout(2_000).setSocketTimeout(5_000).build())
          .build();

  private final ElasticHttp http;
  private final String nodes;
  private final List<String> aliases;
  private final WriteProbe writes;
  private final AtomicReference<@Nullable CompletableFuture<Health>> running =
      new AtomicReference<>();

  public ElasticHealth(RestClient client, IndexSettings settings) {
    this.http = new ElasticHttp(client);
    this.nodes =
        client.getNodes().stream()
            .map(node -> node.getHost().toURI())
            .collect(Collectors.joining(", "));
    this.aliases =
        Arrays.stream(RecordKind.values()).map(kind -> settings.alias(kind).value()).toList();
    this.writes = new WriteProbe(http, aliases, SHORT_TIMEOUT_OPTIONS);
  }

  /**
   * The outcome of a health check.
   *
   * @param message a description of the error, or the cluster's status if healthy
   */
  public record Health(boolean healthy, String message) {}

  /**
   * Checks that Elasticsearch responds, each alias is on one index, no shard is missing, and each
   * index accepts writes. Callers that arrive during a check wait for the result of that check.
   */
  public Health check() {
    CompletableFuture<Health> own = new CompletableFuture<>();
    CompletableFuture<Health> current = running.compareAndExchange(null, own);
    if (current != null) {
      return current.join();
    }
    try {
      own.complete(checkNow());
    } catch (RuntimeException | Error failure) {
      own.completeExceptionally(failure);
    } finally {
      running.set(null);
    }
    return own.join();
  }

  private Health checkNow() {
    try {
      Health health = checkAliases();
      if (health.healthy()) {
        health = checkStatus();
      }
      return health.healthy()
          ? writes.error().map(error -> new Health(false, error)).orElse(health)
          : health;
    } catch (StoreUnavailable e) {
      return new Health(false, String.valueOf(e.getMessage()));
    }
  }

  /** Waits until Elasticsearch responds, whether or not the indices exist. */
  public void awaitReachable(Duration timeout) {
    await(
        timeout,
        () -> {
          try {
            ElasticHttp.RawResponse response =
                http.call("GET", "/_cluster/health", null, SHORT_TIMEOUT_OPTIONS);
            return new Health(response.ok(), "the store responded with " + response.status());
          } catch (StoreUnavailable e) {
            return new Health(false, String.valueOf(e.getMessage()));
          }
        });
  }

  /** Waits until {@link #check} succeeds. */
  public void awaitHealthy(Duration timeout) {
    await(timeout, this::check);
  }

  private void await(Duration timeout, Supplier<Health> check) {
    long end = System.nanoTime() + timeout.toNanos();
    Health last = check.get();
    if (!last.healthy()) {
      Duration rounded = Duration.ofSeconds((timeout.toMillis() + 999) / 1000);
      LOG.warn("Waiting up to {} for Elasticsearch at {}: {}", rounded, nodes, last.message());
    }
    while (!last.healthy()) {
      if (end - System.nanoTime() <= 0) {
        throw new StoreUnavailable("Elasticsearch at " + nodes + ": " + last.message());
      }
      pause();
      last = check.get();
    }
  }

  /** Waits for the interval between two checks. */
  public void pause() {
    try {
      Thread.sleep(PROBE_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while waiting for the store", e);
    }
  }

  private Health checkAliases() {
    ElasticHttp.RawResponse response =
        http.call("GET", "/_alias/" + String.join(",", aliases), null, SHORT_TIMEOUT_OPTIONS);
    if (!response.ok() && response.status() != 404) {
      return new Health(false, "the store responded with " + response.reason());
    }
    List<String> errors = new ArrayList<>();
    JsonNode indices = response.json();
    for (String alias : aliases) {
      List<String> targets =
          indices
              .propertyStream()
              .filter(index -> index.getValue().path("aliases").has(alias))
              .map(Map.Entry::getKey)
              .toList();
      if (targets.size() != 1) {
        errors.add(
            "alias "
                + alias
                + (targets.isEmpty()
                    ? " is missing"
                    : " must be on exactly one index (is on " + targets + ")"));
      }
    }
    return new Health(errors.isEmpty(), String.join("; ", errors));
  }

  private Health checkStatus() {
    ElasticHttp.RawResponse response =
        http.call(
            "GET",
            "/_cluster/health/" + String.join(",", aliases) + "?timeout=1s&level=indices",
            null,
            SHORT_TIMEOUT_OPTIONS);
    String status = response.json().path("status").asText();
    if (status.equals("green") || status.equals("yellow")) {
      return new Health(true, status);
    }
    String red =
        response
            .json()
            .path("indices")
            .propertyStream()
            .filter(index -> index.getValue().path("status").asText().equals("red"))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return new Health(
        false,
        status.isEmpty()
            ? "the store responded with " + response.reason()
            : "records are unreachable, the status of the indices is " + status + ": " + red);
  }
}
