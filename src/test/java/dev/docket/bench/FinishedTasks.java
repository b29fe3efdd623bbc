package dev.docket.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills the index with ended tasks: copies of one ended task with different ids, documents and
 * times, distributed over the last 90 days and 20 keys. They are written directly to Elasticsearch.
 */
final class FinishedTasks {

  private static final int BULK_SIZE = 1_000;
  private static final int WRITERS = 2;
  private static final int KEYS = 20;

  /** The fields for times, in chronological order. */
  private static final List<String> TIME_FIELDS =
      List.of(
          "created_at", "dispatched_at", "queued_at", "started_at", "finished_at", "updated_at");

  private static final Duration PERIOD = Duration.ofDays(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchEnvironment environment;
  private final ObjectNode template;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private int taskCount;

  /**
   * Reads the template.
   *
   * @param templateId the id of a task that has ended
   */
  FinishedTasks(BenchEnvironment environment, String templateId) throws IOException {
    this.environment = environment;
    this.template =
        (ObjectNode)
            environment
                .elasticsearch("GET", "/docket-tasks/_doc/" + templateId, "")
                .path("_source");
  }

  /**
   * Fills the index up to this number of tasks.
   *
   * @return the seconds that it took
   */
  double fill(int count) throws Exception {
    int from = taskCount;
    int requests = (count - from) / BULK_SIZE;
    ConcurrentClients.Timings timings =
        ConcurrentClients.run(
            environment.elasticsearch(),
            WRITERS,
            requests,
            (connection, i) ->
                connection
                    .send(
                        "POST",
                        "/docket-tasks/_bulk?require_alias=true&filter_path=errors",
                        "application/x-ndjson",
                        bulkBody(from + i * BULK_SIZE))
                    .expect(200));
    environment.elasticsearch("POST", "/docket-tasks/_refresh", "");
    taskCount = count;
    return timings.seconds();
  }

  private static String hex(SplittableRandom random, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    return HexFormat.of().formatHex(data);
  }

  private byte[] bulkBody(int from) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(BULK_SIZE * 1_500);
    ObjectNode task = template.deepCopy();
    for (int i = from; i < from + BULK_SIZE; i++) {
      // Real ids and run tokens do not compress on disk, so the generated ones must not either.
      SplittableRandom random = new SplittableRandom(i);
      String id = hex(random, 20);
      Instant created =
          now.minusMillis((long) (PERIOD.toMillis() * Math.abs(Math.sin(i * 12.9898))));
      String key = "KEY" + i % KEYS;
      task.put("id", id)
          .put("document_id", hex(new SplittableRandom(-1 - i / 10), 20))
          .put("key", key);
      task.put("state", i % 50 == 0 ? 500 : 200);
      task.withObject("/document/target").put("id", "recording-" + i / 10);
      task.put("run", hex(random, 16));
      Instant time = created;
      for (String field : TIME_FIELDS) {
        if (task.has(field)) {
          task.put(field, time.toString());
        }
        time = time.plusMillis(random.nextInt(60_000));
      }
      for (JsonNode transition : task.path("history")) {
        ((ObjectNode) transition).put("at", created.plusMillis(random.nextInt(60_000)).toString());
      }
      task.put("queued_ms", random.nextInt(60_000)).put("run_ms", random.nextInt(600_000));
      task.putArray("tags").add("filled");
      lines.write(("{\"create\":{\"_id\":\"" + id + "\"}}\n").getBytes(StandardCharsets.US_ASCII));
      lines.write(JSON.writeValueAsBytes(task));
      lines.write('\n');
    }
    return lines.toByteArray();
  }
}
