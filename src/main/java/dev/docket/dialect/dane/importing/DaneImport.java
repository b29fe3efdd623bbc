package dev.docket.dialect.dane.importing;

import dev.docket.task.Policies;
import dev.docket.task.machine.DecisionContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Imports a DANE installation, page by page of documents. An import can be stopped at any time and
 * repeated: it creates what is missing and leaves the rest as it is.
 */
public final class DaneImport {

  private static final Duration FIRST_DELAY = Duration.ofMillis(250);

  private final DaneRecords dane;
  private final PageImport pages;
  private final ImportReport report = new ImportReport();
  private final Consumer<String> progress;

  /**
   * Prepares an import.
   *
   * @param zone the time zone of DANE's times
   * @param contexts the current time, and random tokens
   * @param progress receives a line of progress from time to time
   */
  public DaneImport(
      DaneConnection connection,
      ImportStores stores,
      Policies policies,
      ZoneId zone,
      Supplier<DecisionContext> contexts,
      Consumer<String> progress) {
    this(
        new DaneIndexReader(connection, progress),
        stores,
        policies,
        zone,
        contexts,
        progress,
        new RecordWriter(FIRST_DELAY));
  }

  DaneImport(
      DaneRecords dane,
      ImportStores stores,
      Policies policies,
      ZoneId zone,
      Supplier<DecisionContext> contexts,
      Consumer<String> progress,
      RecordWriter writer) {
    this.dane = dane;
    this.progress = progress;
    DaneTimes times = new DaneTimes(zone);
    Instant now = contexts.get().now();
    DocumentMapping documents = new DocumentMapping(times, now);
    TaskMapping tasks = new TaskMapping(times, policies, now);
    ResultMapping results = new ResultMapping(times, stores.payloads().maxBytes(), now);
    ResultImport resultImport = new ResultImport(dane, stores, results, report, writer);
    TaskImport taskImport = new TaskImport(stores, tasks, resultImport, report, contexts, writer);
    this.pages = new PageImport(dane, stores.documents(), documents, taskImport, report, writer);
  }

  /**
   * Imports everything. Blocks.
   *
   * @throws ImportFailed if DANE's or Docket's Elasticsearch does not respond; what was imported
   *     stays
   */
  public ImportReport run() {
    for (RecordType type : RecordType.values()) {
      report.inDane(type, dane.count(type));
    }
    ImportProgress documents =
        new ImportProgress(report.inDane(RecordType.DOCUMENT), progress, System::nanoTime);
    dane.documents(
        page -> {
          pages.run(page);
          documents.add(page.size());
        });
    for (DaneRecords.Unreachable each : dane.unreachable()) {
      report.found(each.type(), each.finding(), each.count(), each.examples());
    }
    return report;
  }
}
