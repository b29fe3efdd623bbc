package dev.docket.chaos;

import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.maintenance.PayloadSweep;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** The sweep that deletes payloads without a result, as the servers run it some days later. */
final class LateSweep {

  private static final Duration LATER = Duration.ofDays(3);

  /** A run of the sweep goes through 10,000 parts. */
  private static final int RUNS = 5;

  private LateSweep() {}

  static void run(URI elasticsearch) {
    IndexSettings indices = new IndexSettings("docket-", 1, 1, 0);
    try (ElasticBackend backend = new ElasticBackend(ElasticSettings.of(elasticsearch), indices)) {
      PayloadSweep sweep =
          new PayloadSweep(
              backend.payloads(), backend.tasks(), Clock.offset(Clock.systemUTC(), LATER));
      for (int i = 0; i < RUNS; i++) {
        sweep.run();
      }
    }
  }
}
