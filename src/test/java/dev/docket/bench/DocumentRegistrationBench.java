package dev.docket.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

/** Documents come in: one by one, in batches, and as lines. */
final class DocumentRegistrationBench {

  private final BenchEnvironment environment;
  private final Measurements results;
  private final Options options;

  DocumentRegistrationBench(BenchEnvironment environment, Measurements results, Options options) {
    this.environment = environment;
    this.results = results;
    this.options = options;
  }

  void all() throws Exception {
    single(1, options.size(300, 1_000), "200", "");
    single(16, options.size(4_000, 20_000), "2,500", "40");
    if (options.full()) {
      single(64, options.size(5_000, 20_000), "", "");
    }
    batches();
    lines(options.size(30_000, 1_000_000), options.size(2, 1));
  }

  void warmUp() throws Exception {
    SampleArchive.register(environment, round(), 40_000);
    single(16, 10_000);
  }

  private static String round() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  private ConcurrentClients.Measured single(int connections, int count) throws Exception {
    String round = round();
    return ConcurrentClients.run(
        environment.server(),
        connections,
        count,
        (line, i) -> line.post("/document", SampleArchive.document(round, i)).expect(201));
  }

  private void single(int connections, int count, String goal, String latest) throws Exception {
    List<Double> rates = new ArrayList<>();
    List<Double> halves = new ArrayList<>();
    List<Double> slowest = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      ConcurrentClients.Measured measured = single(connections, count);
      rates.add(measured.rate());
      halves.add(measured.percentile(0.5));
      slowest.add(measured.percentile(0.99));
    }
    String who = "one by one, " + connections + (connections == 1 ? " connection" : " connections");
    String limit = connections == 1 ? BackendLimits.ONE_BY_ONE : "";
    results.add("register", who, "documents/s", rates, goal, 1, limit, "");
    results.add("register", who + ", p50", "ms", halves, "");
    results.add("register", who + ", p99", "ms", slowest, latest.isEmpty() ? "" : "< " + latest);
  }

  private void batches() throws Exception {
    int batches = options.size(40, 200);
    for (int connections : List.of(1, 2)) {
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < options.rounds(); i++) {
        String round = round();
        ConcurrentClients.Measured measured =
            ConcurrentClients.run(
                environment.server(),
                connections,
                batches,
                (line, b) ->
                    line.post(
                            "/documents",
                            SampleArchive.batch(
                                round, b * SampleArchive.BATCH, SampleArchive.BATCH))
                        .expect(200));
        rates.add(batches * SampleArchive.BATCH / measured.seconds());
      }
      results.add(
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

  private void lines(int count, int rounds) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      rates.add(stream(count));
    }
    results.add(
        "register",
        String.format(Locale.ROOT, "a stream of %,d lines", count),
        "documents/s",
        rates,
        "20,000",
        1,
        BackendLimits.DOCUMENTS,
        "");
    results.add(
        "register",
        "disk for each document",
        "kB",
        List.of(environment.kilobytes("docket-documents")),
        "");
  }

  private double stream(int count) throws Exception {
    String round = round();
    Iterable<byte[]> blocks =
        () ->
            IntStream.range(0, (count + 999) / 1_000)
                .mapToObj(b -> block(round, b * 1_000, Math.min(1_000, count - b * 1_000)))
                .iterator();
    long begin = System.nanoTime();
    try (RawHttpConnection line = new RawHttpConnection(environment.server())) {
      long made = line.stream("/documents", blocks, "\"status\":201");
      if (made != count) {
        throw new IllegalStateException("only " + made + " of " + count + " were registered");
      }
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  private static byte[] block(String round, int from, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      lines.append(SampleArchive.document(round, i)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
