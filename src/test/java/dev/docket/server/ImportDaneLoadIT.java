package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.dialect.dane.importing.DaneSampleData;
import dev.docket.dialect.dane.importing.ImportReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports many documents with one task and one result each, twice, and prints the time. {@code
 * scripts/verify import} imports 100,000.
 */
final class ImportDaneLoadIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final int COUNT = Integer.getInteger("docket.import", 2_000);
  private static final int BATCH = 1_000;

  @TempDir private Path dir;

  @Test
  void importsAllAndThenNothing() throws Exception {
    try (DaneElasticsearch dane = new DaneElasticsearch(ElasticsearchSettings.daneIn(dir))) {
      for (int from = 0; from < COUNT; from += BATCH) {
        dane.store(DaneSampleData.many(from, BATCH));
      }

      String all = "%,10d %,10d %,10d %,13d".formatted(COUNT, COUNT, 0, 0);
      assertThat(timed("import", dane).text())
          .contains("documents  " + all, "tasks      " + all, "results    " + all);

      String none = "%,10d %,10d %,10d %,13d".formatted(COUNT, 0, COUNT, 0);
      assertThat(timed("repeated import", dane).text())
          .contains("documents  " + none, "tasks      " + none, "results    " + none);
    }
  }

  @SuppressWarnings("SystemOut")
  private static ImportReport timed(String what, DaneElasticsearch dane) throws Exception {
    String config =
        TestServer.config(
            BACKENDS.backends().elasticsearch(), BACKENDS.backends().amqp(), BACKENDS.prefix(), "");
    long start = System.nanoTime();
    ImportReport report = dane.importInto(config, ZoneOffset.UTC, System.err::println);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf("%s of %,d documents: %d s%n", what, COUNT, took.toSeconds());
    return report;
  }
}
