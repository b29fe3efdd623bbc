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
 * Fills the index with tasks that have ended: copies of one that has, each with an id, a document
 * and times of its own, over the last 90 days and 20 keys. They are written past the server.
 */
final class FinishedTasks {

  private static final int GROUP = 1_000;
  private static final int WRITERS = 2;
  private static final int KEYS = 20;

  /** In the order in which they come. */
  private static final List<String> TIMES =
      List.of(
          "created_at", "dispatched_at", "queued_at", "started_at", "finished_at", "updated_at");

  private static final Duration PAST = Duration.ofDays(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchEnvironment environment;
  private final ObjectNode ended;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private int filled;

  /** Like this task, which has ended. */
  FinishedTasks(BenchEnvironment environment, String like) throws IOException {
    this.environment = environment;
    this.ended =
        (ObjectNode) environment.store("GET", "/docket-tasks/_doc/" + like, "").path("_source");
  }

  /** Until there are so many; says how many seconds it took. */
  double fill(int count) throws Exception {
    int from = filled;
    int requests = (count - from) / GROUP;
    ConcurrentClients.Measured measured =
        ConcurrentClients.run(
            environment.store(),
            WRITERS,
            requests,
            (line, i) ->
                line.ask(
                        "POST",
                        "/docket-tasks/_bulk?require_alias=true&filter_path=errors",
                        "application/x-ndjson",
                        lines(from + i * GROUP))
                    .expect(200));
    environment.store("POST", "/docket-tasks/_refresh", "");
    filled = count;
    return measured.seconds();
  }

  private static String hex(SplittableRandom dice, int bytes) {
    byte[] some = new byte[bytes];
    dice.nextBytes(some);
    return HexFormat.of().formatHex(some);
  }

  private byte[] lines(int from) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(GROUP * 1_500);
    ObjectNode task = ended.deepCopy();
    for (int i = from; i < from + GROUP; i++) {
      // Ids are digests and runs are dice, so neither may be shorter on disk than it really is.
      SplittableRandom dice = new SplittableRandom(i);
      String id = hex(dice, 20);
      Instant at = now.minusMillis((long) (PAST.toMillis() * Math.abs(Math.sin(i * 12.9898))));
      String key = "KEY" + i % KEYS;
      task.put("id", id)
          .put("document_id", hex(new SplittableRandom(-1 - i / 10), 20))
          .put("key", key);
      task.put("state", i % 50 == 0 ? 500 : 200);
      task.withObject("/document/target").put("id", "recording-" + i / 10);
      task.put("run", hex(dice, 16));
      Instant then = at;
      for (String time : TIMES) {
        if (task.has(time)) {
          task.put(time, then.toString());
        }
        then = then.plusMillis(dice.nextInt(60_000));
      }
      for (JsonNode move : task.path("history")) {
        ((ObjectNode) move).put("at", at.plusMillis(dice.nextInt(60_000)).toString());
      }
      task.put("queued_ms", dice.nextInt(60_000)).put("run_ms", dice.nextInt(600_000));
      task.putArray("tags").add("filled");
      lines.write(("{\"create\":{\"_id\":\"" + id + "\"}}\n").getBytes(StandardCharsets.US_ASCII));
      lines.write(JSON.writeValueAsBytes(task));
      lines.write('\n');
    }
    return lines.toByteArray();
  }
}
