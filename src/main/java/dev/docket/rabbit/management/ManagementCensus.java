package dev.docket.rabbit.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Queue statistics from RabbitMQ's management API. A reading takes two requests, {@code
 * /api/bindings} and {@code /api/queues}. Its numbers are up to one {@code
 * collect_statistics_interval} old.
 */
public final class ManagementCensus implements Census {

  /** For the whole response. A reading takes two requests, and callers wait for both. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** States of a queue whose node is down: its statistics are outdated or missing. */
  private static final Set<String> QUEUES_WITHOUT_STATISTICS =
      Set.of("down", "stopped", "crashed", "minority");

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
  private final URI baseUri;
  private final String virtualHost;
  private final String authorization;
  private final Set<String> taskExchanges;
  private final String responseQueue;

  /**
   * Sends no request yet.
   *
   * @param management base address of the management API; if it contains no credentials, those of
   *     the AMQP connection are used
   */
  public ManagementCensus(URI management, RabbitSettings settings, RabbitTopology topology) {
    String user = management.getUserInfo();
    String credentials = user == null ? settings.user() + ":" + settings.password().value() : user;
    String path = management.getRawPath() == null ? "" : management.getRawPath();
    this.baseUri =
        URI.create(
            management.getScheme()
                + "://"
                + management.getRawAuthority().replaceFirst(".*@", "")
                + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
    this.virtualHost = URLEncoder.encode(settings.virtualHost(), StandardCharsets.UTF_8);
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    this.taskExchanges = Set.copyOf(topology.taskExchanges());
    this.responseQueue = topology.responseQueue();
  }

  @Override
  public List<Queue> queues() {
    return count().queues();
  }

  @Override
  public Statistics count() {
    Map<String, List<Binding>> queueBindings = new LinkedHashMap<>();
    List<Binding> exchangeBindings = new ArrayList<>();
    for (JsonNode found :
        get("/api/bindings/", "source,destination,destination_type,routing_key")) {
      String exchange = found.path("source").asText();
      if (taskExchanges.contains(exchange)) {
        Binding binding = new Binding(exchange, found.path("routing_key").asText());
        if (found.path("destination_type").asText().equals("queue")) {
          String queue = found.path("destination").asText();
          queueBindings.computeIfAbsent(queue, name -> new ArrayList<>()).add(binding);
        } else {
          exchangeBindings.add(binding);
        }
      }
    }
    Map<String, Queue> queues = new TreeMap<>();
    Long pendingReplies = null;
    for (JsonNode found :
        get(
            "/api/queues/",
            "name,state,messages_ready,messages_unacknowledged,consumers," + QueueLimits.COLUMNS)) {
      Queue queue =
          queue(found, queueBindings.getOrDefault(found.path("name").asText(), List.of()));
      if (queue.name().equals(responseQueue)) {
        pendingReplies = queue.counted() ? queue.ready() + queue.unacknowledged() : null;
      } else if (queueBindings.containsKey(queue.name())) {
        queues.put(queue.name(), queue);
      }
    }
    return new Statistics(List.copyOf(queues.values()), pendingReplies, exchangeBindings);
  }

  private static Queue queue(JsonNode found, List<Binding> bindings) {
    boolean counted =
        found.path("messages_ready").isNumber()
            && found.path("messages_unacknowledged").isNumber()
            && !QUEUES_WITHOUT_STATISTICS.contains(found.path("state").asText());
    return new Queue(
        found.path("name").asText(),
        found.path("messages_ready").asLong(),
        found.path("messages_unacknowledged").asLong(),
        found.path("consumers").asInt(),
        bindings,
        counted,
        QueueLimits.of(found));
  }

  private JsonNode get(String path, String columns) {
    URI uri = URI.create(baseUri + path + virtualHost + "?columns=" + columns);
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", authorization).build();
    // The timeout of a request would not include the body.
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response = sent.get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new BrokerUnavailable(
            "the broker's management API returned " + response.statusCode() + " at " + baseUri);
      }
      return JSON.readTree(response.body());
    } catch (TimeoutException e) {
      throw new BrokerUnavailable(
          "the broker's management API at "
              + baseUri
              + " (broker.management) did not answer within "
              + REQUEST_TIMEOUT.toSeconds()
              + " s");
    } catch (ExecutionException | IOException e) {
      throw new BrokerUnavailable("the broker's management API does not respond at " + baseUri);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerUnavailable("interrupted while reading the broker's queue statistics");
    } finally {
      sent.cancel(true);
    }
  }

  @Override
  public String toString() {
    return "ManagementCensus[" + baseUri + "]";
  }
}
