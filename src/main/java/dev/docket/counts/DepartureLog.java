package dev.docket.counts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which ended tasks were run again or deleted in the last minutes, so that counts can
 * subtract them. It is notified of what this server writes, and exchanges that with other servers
 * through a {@link DepartureStore}. What is lost, because a server crashes before an exchange or a
 * minute has too many different departures, is repaired by a full count. Thread-safe.
 */
public final class DepartureLog implements TaskListener {

  /** How long departures are remembered. */
  public static final Duration RETENTION = Duration.ofMinutes(10);

  /** More than the minutes of {@link #RETENTION}, so that no slot is used twice within it. */
  private static final int SLOTS = 15;

  /** Maximum number of different departures of a minute. */
  private static final int MAX_DEPARTURES = 10_000;

  private static final int MAX_CONFLICTS = 10;

  private final DepartureStore store;
  private final String server;

  /** The departures that this server has caused, by minute; the values have a count of 0. */
  @GuardedBy("this")
  private final TreeMap<Instant, Map<Departure, Long>> minutes = new TreeMap<>();

  /** The minutes with departures that are not stored yet. */
  @GuardedBy("this")
  private final Set<Instant> unstored = new HashSet<>();

  /**
   * Creates the log.
   *
   * @param server identifies this run of this server among all servers
   */
  public DepartureLog(DepartureStore store, String server) {
    this.store = store;
    this.server = server;
  }

  @Override
  public void changed(Task before, Command by, Task after) {
    Departure departure = Departure.of(before, after);
    if (departure != null) {
      add(departure);
    }
  }

  private synchronized void add(Departure departure) {
    Instant minute = departure.leftAt().truncatedTo(ChronoUnit.MINUTES);
    Map<Departure, Long> known = minutes.computeIfAbsent(minute, start -> new HashMap<>());
    Departure value = departure.withCount(0);
    if (known.size() < MAX_DEPARTURES || known.containsKey(value)) {
      known.merge(value, departure.count(), Long::sum);
      unstored.add(minute);
    }
    Instant oldest = minute.minus(RETENTION);
    minutes.headMap(oldest).clear();
    unstored.removeIf(start -> start.isBefore(oldest));
  }

  /**
   * Stores the new departures of this server, and returns those of all servers within the {@link
   * #RETENTION}. Blocks.
   *
   * @throws StoreUnavailable if the store is unreachable; the next exchange makes up for it
   */
  public List<Departure> exchange(Instant now) {
    Instant current = now.truncatedTo(ChronoUnit.MINUTES);
    // A minute more, because the clock of another server may be ahead.
    Map<Integer, Instant> slots = new HashMap<>();
    IntStream.rangeClosed(-1, (int) RETENTION.toMinutes())
        .mapToObj(ago -> current.minus(Duration.ofMinutes(ago)))
        .forEach(minute -> slots.put(slot(minute), minute));
    for (Instant minute : unstored()) {
      store(minute);
    }
    List<Departure> all = new ArrayList<>();
    store
        .read(slots.keySet())
        .forEach(
            (slot, found) -> {
              if (found.value().minute().equals(slots.get(slot))) {
                found
                    .value()
                    .departures()
                    .forEach((name, left) -> all.addAll(name.equals(server) ? List.of() : left));
              }
            });
    slots.values().forEach(minute -> all.addAll(own(minute)));
    return all;
  }

  private synchronized List<Instant> unstored() {
    return List.copyOf(unstored);
  }

  /** A departure that is added during the write makes the minute unstored again. */
  private void store(Instant minute) {
    synchronized (this) {
      unstored.remove(minute);
    }
    try {
      write(minute);
    } catch (StoreUnavailable unavailable) {
      synchronized (this) {
        unstored.add(minute);
      }
      throw unavailable;
    }
  }

  private synchronized List<Departure> own(Instant minute) {
    return minutes.getOrDefault(minute, Map.of()).entrySet().stream()
        .map(entry -> entry.getKey().withCount(entry.getValue()))
        .toList();
  }

  /** Replaces what this server has stored for the minute. */
  private void write(Instant minute) {
    int slot = slot(minute);
    for (int i = 0; i <= MAX_CONFLICTS; i++) {
      @Nullable Versioned<DepartureStore.Minute> found = store.read(Set.of(slot)).get(slot);
      Map<String, List<Departure>> servers = new HashMap<>();
      if (found != null && found.value().minute().isAfter(minute)) {
        return;
      }
      if (found != null && found.value().minute().equals(minute)) {
        servers.putAll(found.value().departures());
      }
      servers.put(server, own(minute));
      @Nullable Version seen = found == null ? null : found.version();
      WriteOutcome outcome = store.write(slot, new DepartureStore.Minute(minute, servers), seen);
      if (outcome instanceof WriteOutcome.Stored) {
        return;
      }
      if (!(outcome instanceof WriteOutcome.Conflict)) {
        throw new StoreUnavailable("the departures of tasks cannot be stored: " + outcome);
      }
    }
    throw new StoreUnavailable("too many servers store departures of tasks at the same time");
  }

  private static int slot(Instant minute) {
    return (int) Math.floorMod(minute.getEpochSecond() / 60, (long) SLOTS);
  }
}
