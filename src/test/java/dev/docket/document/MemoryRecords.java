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

/** Records in memory, with versions and compare-and-set: what the stores for tests are made of. */
public final class MemoryRecords<I, T> {

  private static final int MAX_IDS = 1000;

  private final ConcurrentHashMap<I, Versioned<T>> records = new ConcurrentHashMap<>();
  private final AtomicLong sequence = new AtomicLong();
  private final Function<T, I> idOf;

  public MemoryRecords(Function<T, I> idOf) {
    this.idOf = idOf;
  }

  public WriteOutcome create(T record) {
    Versioned<T> made = next(record);
    return records.putIfAbsent(idOf.apply(record), made) == null
        ? new WriteOutcome.Stored(made.version())
        : new WriteOutcome.Stale();
  }

  public WriteOutcome put(T record) {
    Versioned<T> made = next(record);
    records.put(idOf.apply(record), made);
    return new WriteOutcome.Stored(made.version());
  }

  public WriteOutcome replace(T record, Version seen) {
    Versioned<T> made = next(record);
    Versioned<T> now =
        records.computeIfPresent(
            idOf.apply(record), (id, there) -> there.version().equals(seen) ? made : there);
    return made.equals(now) ? new WriteOutcome.Stored(made.version()) : new WriteOutcome.Stale();
  }

  public WriteOutcome remove(I id, Version seen) {
    Versioned<T> there = records.get(id);
    return there != null && there.version().equals(seen) && records.remove(id, there)
        ? new WriteOutcome.Stored(nextVersion())
        : new WriteOutcome.Stale();
  }

  public WriteOutcome remove(I id) {
    return records.remove(id) == null
        ? new WriteOutcome.Stale()
        : new WriteOutcome.Stored(nextVersion());
  }

  public Optional<Versioned<T>> find(I id) {
    return Optional.ofNullable(records.get(id));
  }

  public Map<I, Versioned<T>> find(Collection<I> ids) {
    if (ids.size() > MAX_IDS) {
      throw new IllegalArgumentException("ids: at most " + MAX_IDS + ", were " + ids.size());
    }
    return ids.stream()
        .distinct()
        .map(records::get)
        .filter(Objects::nonNull)
        .collect(Collectors.toMap(found -> idOf.apply(found.value()), Function.identity()));
  }

  /** All records as they are now, in no order. */
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
