package dev.docket.rabbit.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.broker.Census;
import dev.docket.rabbit.connection.RabbitSettings;
import dev.docket.rabbit.connection.RabbitTopology;
import java.io.IOException;
import java.io.InputStream;
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

/**
 * Counts by RabbitMQ's management API: two requests a look, {@code /api/bindings} and {@code
 * /api/queues}. Its figures are as old as its {@code collect_statistics_interval}.
 */
public final class ManagementCensus implements Census {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** States of a queue whose node is away: what is said of it is old or nothing. */
  private static final Set<String> QUEUES_WITHOUT_STATISTICS =
      Set.of("down", "stopped", "crashed", "minority");

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
  private final URI base;
  private final String virtualHost;
  private final String authorization;
  private final Set<String> exchanges;
  private final String responses;

  /**
   * Makes it; asks nothing yet.
   *
   * @param management base address of the management API; without user and password in it those of
   *     the AMQP connection are used
   */
  public ManagementCensus(URI management, RabbitSettings settings, RabbitTopology topology) {
    String user = management.getUserInfo();
    String credentials = user == null ? settings.user() + ":" + settings.password().value() : user;
    String path = management.getRawPath() == null ? "" : management.getRawPath();
    this.base =
        URI.create(
            management.getScheme()
                + "://"
                + management.getRawAuthority().replaceFirst(".*@", "")
                + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
    this.virtualHost = URLEncoder.encode(settings.virtualHost(), StandardCharsets.UTF_8);
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    this.exchanges = Set.copyOf(topology.protocolExchanges());
    this.responses = topology.responses();
  }

  @Override
  public List<Queue> queues() {
    return count().queues();
  }

  @Override
  public Figures count() {
    Map<String, List<Binding>> bound = new LinkedHashMap<>();
    List<Binding> detours = new ArrayList<>();
    for (JsonNode binding :
        get("/api/bindings/", "source,destination,destination_type,routing_key")) {
      String exchange = binding.path("source").asText();
      if (exchanges.contains(exchange)) {
        Binding ackMode = new Binding(exchange, binding.path("routing_key").asText());
        if (binding.path("destination_type").asText().equals("queue")) {
          String queue = binding.path("destination").asText();
          bound.computeIfAbsent(queue, name -> new ArrayList<>()).add(ackMode);
        } else {
          detours.add(ackMode);
        }
      }
    }
    Map<String, Queue> queues = new TreeMap<>();
    Long answers = null;
    for (JsonNode found :
        get("/api/queues/", "name,state,messages_ready,messages_unacknowledged,consumers")) {
      Queue queue = queue(found, bound.getOrDefault(found.path("name").asText(), List.of()));
      if (queue.name().equals(responses)) {
        answers = queue.counted() ? queue.ready() + queue.unacknowledged() : null;
      } else if (bound.containsKey(queue.name())) {
        queues.put(queue.name(), queue);
      }
    }
    return new Figures(List.copyOf(queues.values()), answers, detours);
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
        counted);
  }

  private JsonNode get(String path, String columns) {
    URI uri = URI.create(base + path + virtualHost + "?columns=" + columns);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(REQUEST_TIMEOUT)
            .header("Authorization", authorization)
            .build();
    try {
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new BrokerUnavailable(
              "the broker's management API answered " + answer.statusCode() + " at " + base);
        }
        return JSON.readTree(body);
      }
    } catch (IOException e) {
      throw new BrokerUnavailable("the broker's management API does not answer at " + base);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerUnavailable("interrupted while the broker's queues were counted");
    }
  }

  @Override
  public String toString() {
    return "ManagementCensus[" + base + "]";
  }
}
