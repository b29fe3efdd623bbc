package dev.docket.explain;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One fact about a task, with the evidence for it.
 *
 * @param text human-readable sentence
 * @param evidence numbers, ids and times; never a run's token or a claim id
 */
public record Finding(Kind kind, String text, Map<String, Object> evidence) {

  public Finding {
    evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
  }

  /** Kind of a finding. Programs may rely on the labels. */
  public enum Kind {
    ON_ITS_WAY,
    NOT_BEFORE,
    LIMITED,
    RETRY,
    GIVEN_BACK,
    UNREPORTED,
    BROKER_UNREACHABLE,
    STORE_UNAVAILABLE,
    COURIER_UNKNOWN,
    NO_QUEUE,
    OTHER_QUEUE,
    QUEUED,
    QUEUE,
    NO_CONSUMER,
    WORKERS_BUSY,
    MESSAGE_MISSING,
    QUEUE_REJECTS,
    QUEUE_DROPS,
    CENSUS_UNKNOWN,
    FOREIGN_WORKER,
    UNANSWERED_AFTER,
    LEASED,
    LEASE_SILENT,
    BEGUN,
    RUN_LIMIT,
    WAITS_FOR_PERSON,
    HELD_BY_PERSON,
    CANCEL_REQUESTED,
    WAITS_FOR,
    DEPENDENCY,
    DEPENDENCY_ENDED,
    DEPENDENCY_FAILED,
    DEPENDENCY_GONE,
    MORE_DEPENDENCIES,
    ANY_SUCCESS,
    FAILED_DEPENDENCY,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    EFFECT_PENDING,
    EFFECT_OVERDUE;

    /** Returns the name used in responses. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding of(Kind kind, String text) {
    return new Finding(kind, text, Map.of());
  }

  /** Adds a piece of evidence; a null value is omitted. */
  Finding with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> extended = new LinkedHashMap<>(evidence);
    extended.put(name, value);
    return new Finding(kind, text, extended);
  }
}
