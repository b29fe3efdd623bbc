package dev.docket.task;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a task key. They apply when a run is handed out, under every worker protocol: a run
 * that they do not permit stays in state 201 until it is admitted.
 *
 * @param hold why no run is handed out at all; null if runs are handed out
 * @param concurrency the number of runs that may be handed out at the same time; null for any
 *     number
 * @param rate how many runs are handed out in a period; null for any number
 */
public record KeyLimits(@Nullable Hold hold, @Nullable Integer concurrency, @Nullable Rate rate) {

  /** The maximum of {@code concurrency}. Each place is a record. */
  public static final int MAX_CONCURRENCY = 1_000;

  /** The limits of a key without limits. */
  public static final KeyLimits NONE = new KeyLimits(null, null, null);

  /** Why no run of a key is handed out. */
  public enum Hold {
    /** A person has paused the key. */
    PAUSED("the key is paused"),
    /** The service of the key is asleep. */
    SERVICE_SLEEPING("the service of the key is sleeping"),
    /** The service of the key does not respond. */
    SERVICE_UNAVAILABLE("the service of the key is unavailable"),
    /** A person has disabled the service of the key. */
    SERVICE_DISABLED("the service of the key is disabled");

    private final String text;

    Hold(String text) {
      this.text = text;
    }

    /** The name in JSON. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The reason as part of a sentence. */
    public String text() {
      return text;
    }
  }

  /** A copy with another hold, or without one. */
  public KeyLimits with(@Nullable Hold other) {
    return new KeyLimits(other, concurrency, rate);
  }

  /** Whether the key has no limits. */
  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * Whether a run may be handed out.
   *
   * @param admission the admission of the run; null if it has not been admitted
   */
  public boolean permit(@Nullable Admission admission) {
    return hold == null
        && (concurrency == null || (admission != null && admission.isWithin(concurrency)))
        && (rate == null || admission != null);
  }

  /** Why a run without an admission is not handed out, as part of a sentence. */
  public String reason() {
    if (hold != null) {
      return hold.text();
    }
    String most = concurrency == null ? "" : concurrency + " of its tasks at the same time";
    String often = rate == null ? "" : rate + " of its tasks";
    return "workers get at most "
        + most
        + (most.isEmpty() || often.isEmpty() ? "" : ", and at most ")
        + often;
  }
}
