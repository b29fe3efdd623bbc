package dev.docket.http;

import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of places of one kind, such as open polls. One caller may have at most three
 * quarters of them, so that no caller can take all. Thread-safe.
 */
public final class Places {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final String noun;
  private final long max;
  private final long maxForOneCaller;

  /** Guarded by this, as is the sum. Callers without a place are not in the map. */
  private final Map<String, Long> taken = new HashMap<>();

  private long sum;

  /**
   * @param noun what the places are, in the plural, for error messages
   * @param max the number of places, at least 2
   */
  public Places(String noun, long max) {
    this(noun, max, max * 3 / 4);
  }

  /**
   * @param maxForOneCaller the number of places that one caller may have
   */
  Places(String noun, long max, long maxForOneCaller) {
    if (maxForOneCaller < 1) {
      throw new IllegalArgumentException("one caller must be able to have a place of " + max);
    }
    this.noun = noun;
    this.max = max;
    this.maxForOneCaller = maxForOneCaller;
  }

  /** What a caller has taken. Must be closed exactly when the work ends; closing twice is safe. */
  public final class Place implements AutoCloseable {

    private final String caller;

    /** Guarded by the enclosing object. */
    private long amount;

    private Place(String caller) {
      this.caller = caller;
    }

    @Override
    public void close() {
      synchronized (Places.this) {
        release(caller, amount);
        amount = 0;
      }
    }
  }

  /**
   * Takes one place.
   *
   * @param caller null if the request needs no API key
   * @throws TooManyRequests if the caller has its share
   * @throws ServerBusy if all places are taken
   */
  public Place take(@Nullable Principal caller) {
    return take(caller, 1);
  }

  /** Takes several places, all or none. */
  synchronized Place take(@Nullable Principal caller, long amount) {
    Place place = new Place(caller == null ? "anonymous" : caller.getName());
    add(place, amount);
    return place;
  }

  /** Takes further places, all or none, which the same {@link Place#close} releases. */
  synchronized void add(Place place, long amount) {
    long ofCaller = taken.getOrDefault(place.caller, 0L) + amount;
    if (ofCaller > maxForOneCaller) {
      throw new TooManyRequests(
          "%s may have at most %d of the %d %s of this server; try again"
              .formatted(place.caller, maxForOneCaller, max, noun),
          RETRY_AFTER);
    }
    if (sum + amount > max) {
      throw new ServerBusy("all %d %s of this server are taken; try again".formatted(max, noun));
    }
    taken.put(place.caller, ofCaller);
    sum += amount;
    place.amount += amount;
  }

  private void release(String caller, long amount) {
    sum -= amount;
    taken.computeIfPresent(caller, (name, before) -> before > amount ? before - amount : null);
  }

  /** The number of taken places. */
  public synchronized long taken() {
    return sum;
  }
}
