package dev.docket.dialect.dane.index;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.docket.http.Places;
import dev.docket.http.ServerBusy;
import dev.docket.http.TooManyRequests;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The scrolls that this server has opened or continued, as each holds a snapshot of the store. Only
 * their number is limited by it: a scroll that is not here continues, if there is a place for it.
 * Thread-safe.
 */
final class OpenScrolls {

  /** Elasticsearch's limit on the scrolls of a node. */
  static final int MAX = 500;

  /** How often Elasticsearch drops what has expired. */
  private static final Duration DROP_INTERVAL = Duration.ofMinutes(1);

  private final int max;
  private final Places places;
  private final Cache<String, Held> held;

  /** The place of a snapshot, until it is not used for the duration. */
  private record Held(Places.Place place, Duration duration) {}

  OpenScrolls(int max, Ticker ticker) {
    this.max = max;
    this.places = new Places("open scrolls", max);
    this.held =
        Caffeine.newBuilder()
            .expireAfter(Expiry.writing((String key, Held value) -> value.duration()))
            .ticker(ticker)
            .executor(Runnable::run)
            .evictionListener(OpenScrolls::onEviction)
            .build();
  }

  /**
   * Takes a place for a scroll, which must be closed or {@linkplain #hold held}.
   *
   * @throws TooManyScrolls if there is none
   */
  Places.Place take(@Nullable Principal caller) {
    held.cleanUp();
    return place(caller);
  }

  private Places.Place place(@Nullable Principal caller) {
    try {
      return places.take(caller);
    } catch (TooManyRequests | ServerBusy full) {
      throw new TooManyScrolls(max, String.valueOf(full.getMessage()));
    }
  }

  /** Keeps the place while the snapshot is used. */
  void hold(String snapshot, Places.Place place, Duration keepAlive) {
    held.put(key(snapshot), held(place, keepAlive));
  }

  /**
   * Notes that a scroll continues. Takes a place for one that another server has opened, or this
   * server before its last start.
   *
   * @throws TooManyScrolls if there is none
   */
  void extend(String snapshot, @Nullable Principal caller, Duration keepAlive) {
    held.cleanUp();
    held.asMap()
        .compute(
            key(snapshot),
            (key, before) -> held(before == null ? place(caller) : before.place(), keepAlive));
  }

  /** Notes that the store has changed the id of a snapshot. */
  void rename(String before, String now) {
    Held renamed = before.equals(now) ? null : held.asMap().remove(key(before));
    if (renamed != null) {
      held.put(key(now), renamed);
    }
  }

  /** Gives up the place of a snapshot that does not exist any longer. */
  void end(String snapshot) {
    Held ended = held.asMap().remove(key(snapshot));
    if (ended != null) {
      ended.place().close();
    }
  }

  /** The number of taken places. */
  long count() {
    held.cleanUp();
    return places.taken();
  }

  private static Held held(Places.Place place, Duration keepAlive) {
    return new Held(place, keepAlive.plus(DROP_INTERVAL));
  }

  /** A client can send any text as the id of a snapshot, and a long one too. */
  private static String key(String snapshot) {
    byte[] id = snapshot.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(SpooledBody.sha256Digest().digest(id));
  }

  private static void onEviction(@Nullable String key, @Nullable Held expired, RemovalCause cause) {
    if (expired != null) {
      expired.place().close();
    }
  }
}
