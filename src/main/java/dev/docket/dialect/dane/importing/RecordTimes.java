package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The times of a record. The first releases of DANE stored none. */
record RecordTimes(Instant createdAt, Instant updatedAt) {

  /**
   * Reads the times.
   *
   * @param now replaces what is missing
   */
  static RecordTimes read(
      JsonNode source, DaneTimes times, Instant now, Set<ImportFinding> changes) {
    Optional<Instant> created = times.read(source.path("created_at"));
    Optional<Instant> updated = times.read(source.path("updated_at"));
    if (created.isEmpty() || updated.isEmpty()) {
      changes.add(ImportFinding.NO_TIME);
    }
    Instant createdAt = created.or(() -> updated).orElse(now);
    return new RecordTimes(createdAt, updated.orElse(createdAt));
  }
}
