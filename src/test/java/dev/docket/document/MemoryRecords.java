package dev.docket.document;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** In-memory records with versions and compare-and-set, the base of the stores for tests. */
public final class MemoryRecords<I, T> {

  private static final int MAX_IDS = 1000;

  private final ConcurrentHashMap<I, Versioned<T>> records = new ConcurrentHashMap<>();
  private final AtomicLong sequence = new AtomicLong();
  private final Function<T, I> idOf;

  public MemoryRecords(Function<T, I> idOf) {
    this.idOf = idOf;
  }

  public WriteOutcome create(T record) {
    Versioned<T> updated = next(record);
    return records.putIfAbsent(idOf.apply(record), updated) == null
        ? new WriteOutcome.Stored(updated.version())
        : new WriteOutcome.Conflict();
  }

  public WriteOutcome put(T record) {
    Versioned<T> updated = next(record);
    records.put(idOf.apply(record), updated);
    return new WriteOutcome.Stored(updated.version());
  }

  public WriteOutcome replace(T record, Version expected) {
    Versioned<T> updated = next(record);
    Versioned<T> current =
        records.computeIfPresent(
            idOf.apply(record),
            (id, existing) -> existing.version().equals(expected) ? updated : existing);
    return updated.equals(current)
        ? new WriteOutcome.Stored(updated.version())
        : new WriteOutcome.Conflict();
  }

  public WriteOutcome remove(I id, Version expected) {
    Versioned<T> existing = records.get(id);
    return existing != null && existing.version().equals(expected) && records.remove(id, existing)
        ? new WriteOutcome.Stored(nextVersion())
        : new WriteOutcome.Conflict();
  }

  public WriteOutcome remove(I id) {
    return records.remove(id) == null
        ? new WriteOutcome.Conflict()
        : new WriteOutcome.Stored(nextVersion());
  }

  public Optional<Versioned<T>> find(I id) {
    return Optional.ofNullable(records.get(id));
  }

  public Map<I, Versioned<T>> find(Collection<I> ids) {
    if (ids.size() > MAX_IDS) {
      throw new IllegalArgumentException(
          "at most " + MAX_IDS + " ids are allowed (were " + ids.size() + ")");
    }
    return ids.stream()
        .distinct()
        .map(records::get)
        .filter(Objects::nonNull)
        .collect(Collectors.toMap(found -> idOf.apply(found.value()), Function.identity()));
  }

  /** All current records, in no particular order. */
  public List<Versioned<T>> all() {
    return List.copyOf(records.values());
  }

  private Versioned<T> next(T record) {
    return new Versioned<>(record, nextVersion());
  }

  private Version nextVersion() {
    return new Version(sequence.getAndIncrement(), 1);
  }
}
