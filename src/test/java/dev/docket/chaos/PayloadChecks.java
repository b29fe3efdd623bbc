package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.result.PayloadPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/**
 * Checks that every stored result has the payload that its worker sent, and that exactly the parts
 * of these payloads exist after a sweep. Servers and workers that were killed leave other parts,
 * which the servers' own sweep would delete after a day.
 */
final class PayloadChecks {

  private final RetryingClient client;
  private final RetryingClient elasticsearch;
  private final StoredResults stored;
  private final List<Violation> violations = new ArrayList<>();
  private int separate;
  private long separateBytes;
  private int sweptParts;

  /**
   * @param client a client of the servers
   * @param elasticsearch a client of Elasticsearch
   */
  PayloadChecks(RetryingClient client, RetryingClient elasticsearch, StoredResults stored) {
    this.client = client;
    this.elasticsearch = elasticsearch;
    this.stored = stored;
  }

  /**
   * Sweeps and checks the payloads.
   *
   * @param sweep deletes payloads without a result
   */
  List<Violation> check(Runnable sweep) throws InterruptedException, TimeoutException {
    sweptParts = readParts().values().stream().mapToInt(Set::size).sum();
    sweep.run();
    Map<String, Set<Integer>> parts = readParts();
    parts.forEach(
        (result, numbers) -> {
          sweptParts -= numbers.size();
          if (!stored.results().containsKey(result)) {
            violations.add(
                new Violation(
                    "", "a payload exists without its result " + result + ": parts " + numbers));
          }
        });
    for (Map.Entry<String, JsonNode> entry : stored.results().entrySet()) {
      checkPayload(entry.getKey(), entry.getValue(), parts.getOrDefault(entry.getKey(), Set.of()));
    }
    return violations;
  }

  /** The numbers of the stored parts, by the id of the result. */
  private Map<String, Set<Integer>> readParts() throws InterruptedException, TimeoutException {
    Map<String, Set<Integer>> parts = new HashMap<>();
    for (JsonNode hit :
        new ElasticsearchRecords(elasticsearch)
            .all("docket-payloads", List.of("result_id", "part"))) {
      JsonNode part = hit.path("_source");
      parts
          .computeIfAbsent(part.path("result_id").asText(), id -> new TreeSet<>())
          .add(part.path("part").asInt());
    }
    return parts;
  }

  private void checkPayload(String id, JsonNode result, Set<Integer> parts)
      throws InterruptedException, TimeoutException {
    String sent = result.path("generator").path("id").asText();
    int expectedParts = 0;
    JsonNode payload = result.path("payload");
    if (result.hasNonNull("payload_bytes")) {
      long bytes = result.path("payload_bytes").asLong();
      separate++;
      separateBytes += bytes;
      expectedParts = (int) ((bytes + PayloadPart.BYTES - 1) / PayloadPart.BYTES);
      payload = client.get("/result/" + id + "/payload").body();
    }
    String digest = ResultPayload.digest(payload);
    String task = result.path("task_id").asText();
    if (!digest.equals(sent)) {
      violations.add(
          new Violation(
              task,
              "the payload of its result "
                  + id
                  + " is not the one that its worker sent: "
                  + digest));
    }
    Set<Integer> expected = new TreeSet<>();
    for (int number = 0; number < expectedParts; number++) {
      expected.add(number);
    }
    if (!parts.equals(expected)) {
      violations.add(
          new Violation(
              task,
              "the payload of its result "
                  + id
                  + " has the parts "
                  + parts
                  + "; expected "
                  + expected));
    }
  }

  /** The number of payloads that are not in the record of their result. */
  int separate() {
    return separate;
  }

  /** The size of the payloads that are not in the record of their result. */
  long separateBytes() {
    return separateBytes;
  }

  /** The number of parts of payloads without a result that the sweep deleted. */
  int sweptParts() {
    return sweptParts;
  }
}
