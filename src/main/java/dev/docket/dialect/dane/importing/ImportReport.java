package dev.docket.dialect.dane.importing;

import dev.docket.logging.LogText;
import dev.docket.store.WriteOutcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what an import did, with the first ids of each finding. Thread-safe. */
public final class ImportReport {

  private static final int MAX_EXAMPLES = 5;

  private final Map<RecordType, Counts> counts = new EnumMap<>(RecordType.class);

  private static final class Counts {
    private long inDane;
    private long created;
    private long existing;
    private long skipped;
    private final Map<ImportFinding, Finding> findings = new EnumMap<>(ImportFinding.class);
  }

  private static final class Finding {
    private long count;
    private final List<String> examples = new ArrayList<>();
  }

  private Counts of(RecordType type) {
    return counts.computeIfAbsent(type, any -> new Counts());
  }

  synchronized void inDane(RecordType type, long count) {
    of(type).inDane = count;
  }

  synchronized long inDane(RecordType type) {
    return of(type).inDane;
  }

  synchronized void existing(RecordType type) {
    of(type).existing++;
  }

  /** Counts the outcome of a write. Returns false if the store has rejected the record. */
  synchronized boolean written(RecordType type, String id, WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Rejected) {
      found(type, ImportFinding.REJECTED, id);
      return false;
    }
    if (outcome instanceof WriteOutcome.Stored) {
      of(type).created++;
    } else {
      existing(type);
    }
    return true;
  }

  synchronized void found(RecordType type, ImportFinding finding, String id) {
    found(type, finding, 1, List.of(id));
  }

  synchronized void found(
      RecordType type, ImportFinding finding, long count, List<String> examples) {
    Counts ofType = of(type);
    if (!finding.imported()) {
      ofType.skipped += count;
    }
    Finding known = ofType.findings.computeIfAbsent(finding, any -> new Finding());
    known.count += count;
    examples.stream()
        .limit(MAX_EXAMPLES - known.examples.size())
        .map(LogText::line)
        .forEach(known.examples::add);
  }

  /** The report as text, for people. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    line(text, "%-10s %10s %10s %10s %13s", "", "in DANE", "imported", "existing", "not imported");
    counts.forEach(
        (type, each) ->
            line(
                text,
                "%-10s %,10d %,10d %,10d %,13d",
                type.plural(),
                each.inDane,
                each.created,
                each.existing,
                each.skipped));
    findings(text, false, "Not imported:");
    findings(text, true, "Imported with a difference:");
    counts.forEach(
        (type, each) -> {
          long missed = each.inDane - each.created - each.existing - each.skipped;
          if (missed != 0) {
            line(
                text,
                "DANE's index has changed during the import: %,d %s differ. Import again.",
                Math.abs(missed),
                type.plural());
          }
        });
    return text.toString();
  }

  private void findings(StringBuilder text, boolean imported, String heading) {
    StringBuilder lines = new StringBuilder();
    counts.forEach(
        (type, each) ->
            each.findings.forEach(
                (finding, known) -> {
                  if (finding.imported() == imported) {
                    line(
                        lines,
                        "  %,d %s: %s; for example %s",
                        known.count,
                        known.count == 1 ? type.role() : type.plural(),
                        finding.text(),
                        String.join(", ", known.examples));
                  }
                }));
    if (!lines.isEmpty()) {
      line(text, "%s", heading);
      text.append(lines);
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(java.util.Locale.ROOT, format, values)).append('\n');
  }
}
