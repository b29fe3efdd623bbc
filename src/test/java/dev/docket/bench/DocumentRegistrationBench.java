package dev.docket.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

/** Measures the registration of documents: one by one, in batches, and as an NDJSON stream. */
final class DocumentRegistrationBench {

  private final BenchEnvironment environment;
  private final Measurements measurements;
  private final Options options;

  DocumentRegistrationBench(
      BenchEnvironment environment, Measurements measurements, Options options) {
    this.environment = environment;
    this.measurements = measurements;
    this.options = options;
  }

  void run() throws Exception {
    measureSingle(1, options.size(300, 1_000), "200", "");
    measureSingle(16, options.size(4_000, 20_000), "2,500", "40");
    if (options.full()) {
      measureSingle(64, options.size(5_000, 20_000), "", "");
    }
    measureBatches();
    measureStream(options.size(30_000, 1_000_000), options.size(2, 1));
  }

  void warmUp() throws Exception {
    SampleArchive.register(environment, newRound(), 40_000);
    measureSingle(16, 10_000);
  }

  private static String newRound() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  private ConcurrentClients.Timings measureSingle(int connections, int count) throws Exception {
    String round = newRound();
    return ConcurrentClients.run(
        environment.server(),
        connections,
        count,
        (connection, i) ->
            connection.post("/document", SampleArchive.document(round, i)).expect(201));
  }

  private void measureSingle(int connections, int count, String goal, String p99Goal)
      throws Exception {
    List<Double> rates = new ArrayList<>();
    List<Double> p50s = new ArrayList<>();
    List<Double> p99s = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      ConcurrentClients.Timings timings = measureSingle(connections, count);
      rates.add(timings.rate());
      p50s.add(timings.percentile(0.5));
      p99s.add(timings.percentile(0.99));
    }
    String name =
        "one by one, " + connections + (connections == 1 ? " connection" : " connections");
    String limit = connections == 1 ? BackendLimits.SINGLE_WRITES : "";
    measurements.add("register", name, "documents/s", rates, goal, 1, limit, "");
    measurements.add("register", name + ", p50", "ms", p50s, "");
    measurements.add(
        "register", name + ", p99", "ms", p99s, p99Goal.isEmpty() ? "" : "< " + p99Goal);
  }

  private void measureBatches() throws Exception {
    int batches = options.size(40, 200);
    for (int connections : List.of(1, 2)) {
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < options.rounds(); i++) {
        String round = newRound();
        ConcurrentClients.Timings timings =
            ConcurrentClients.run(
                environment.server(),
                connections,
                batches,
                (connection, b) ->
                    connection
                        .post(
                            "/documents",
                            SampleArchive.batch(
                                round, b * SampleArchive.BATCH, SampleArchive.BATCH))
                        .expect(200));
        rates.add(batches * SampleArchive.BATCH / timings.seconds());
      }
      measurements.add(
          "register",
          "batches of 500, " + connections + (connections == 1 ? " connection" : " connections"),
          "documents/s",
          rates,
          "20,000",
          1,
          BackendLimits.DOCUMENTS,
          "");
    }
  }

  private void measureStream(int count, int rounds) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      rates.add(streamRate(count));
    }
    measurements.add(
        "register",
        String.format(Locale.ROOT, "NDJSON stream of %,d lines", count),
        "documents/s",
        rates,
        "20,000",
        1,
        BackendLimits.DOCUMENTS,
        "");
    measurements.add(
        "register",
        "disk space per document",
        "kB",
        List.of(environment.kilobytes("docket-documents")),
        "");
  }

  private double streamRate(int count) throws Exception {
    String round = newRound();
    Iterable<byte[]> blocks =
        () ->
            IntStream.range(0, (count + 999) / 1_000)
                .mapToObj(b -> block(round, b * 1_000, Math.min(1_000, count - b * 1_000)))
                .iterator();
    long start = System.nanoTime();
    try (RawHttpConnection connection = new RawHttpConnection(environment.server())) {
      long registered = connection.stream("/documents", blocks, "\"status\":201");
      if (registered != count) {
        throw new IllegalStateException(
            "only " + registered + " of " + count + " documents were registered");
      }
    }
    return count / ((System.nanoTime() - start) / 1e9);
  }

  private static byte[] block(String round, int from, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      lines.append(SampleArchive.document(round, i)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
