package dev.docket.chaos;

import dev.docket.server.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the repairs of all servers from their metrics, which it reads every second. Repairs that a
 * server makes in the last second before it is killed are not counted.
 */
final class RepairCounts implements AutoCloseable {

  private static final Pattern LINE =
      Pattern.compile("docket_repairs_total\\{kind=\"(\\w+)\"\\} ([0-9.E]+)");

  private final Collection<ServerProcess> servers;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Double> last = new HashMap<>();
  private final Map<String, Long> total = new TreeMap<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  RepairCounts(Collection<ServerProcess> servers) {
    this.servers = servers;
    timer.scheduleWithFixedDelay(this::sample, 1, 1, TimeUnit.SECONDS);
  }

  private void sample() {
    for (ServerProcess server : servers) {
      try {
        HttpResponse<String> response =
            http.send(
                HttpRequest.newBuilder(server.adminUri().resolve("/metrics"))
                    .timeout(Duration.ofSeconds(1))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        count(server, response.body());
      } catch (IOException e) {
        // The server is down.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void count(ServerProcess server, String metrics) {
    Matcher matcher = LINE.matcher(metrics);
    while (matcher.find()) {
      double now = Double.parseDouble(matcher.group(2));
      Double before = last.put(server.adminUri() + matcher.group(1), now);
      // The counter of a restarted server begins at 0.
      double increase = before == null || now < before ? now : now - before;
      total.merge(matcher.group(1), (long) increase, Long::sum);
    }
  }

  synchronized Map<String, Long> total() {
    return new TreeMap<>(total);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
