package dev.docket.admission;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Slots in memory. Stages are already complete when they are returned. */
public final class MemorySlotStore implements SlotStore {

  private static final Comparator<Slot> BY_KEY =
      Comparator.comparing(Slot::key).thenComparing(Slot::number);

  private final Map<String, Versioned<Slot>> slots = new TreeMap<>();
  private long sequence;

  @Override
  public synchronized CompletionStage<Map<Integer, Versioned<Slot>>> read(TaskKey key, int upTo) {
    Map<Integer, Versioned<Slot>> found = new TreeMap<>();
    slots
        .values()
        .forEach(
            slot -> {
              if (slot.value().key().equals(key) && slot.value().number() <= upTo) {
                found.put(slot.value().number(), slot);
              }
            });
    return CompletableFuture.completedStage(found);
  }

  @Override
  public synchronized CompletionStage<Optional<Versioned<Slot>>> find(TaskKey key, int number) {
    return CompletableFuture.completedStage(Optional.ofNullable(slots.get(key + "." + number)));
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> write(Slot slot, Version seen) {
    String id = slot.key() + "." + slot.number();
    Versioned<Slot> before = slots.get(id);
    Version current = before == null ? null : before.version();
    if (seen == null ? current != null : !seen.equals(current)) {
      return CompletableFuture.completedStage(new WriteOutcome.Conflict());
    }
    Version version = new Version(++sequence, 1);
    slots.put(id, new Versioned<>(slot, version));
    return CompletableFuture.completedStage(new WriteOutcome.Stored(version));
  }

  @Override
  public synchronized List<Versioned<Slot>> occupied(Slot after, int limit) {
    return slots.values().stream()
        .filter(slot -> !slot.value().isFree())
        .filter(slot -> after == null || BY_KEY.compare(slot.value(), after) > 0)
        .sorted(Comparator.comparing(Versioned::value, BY_KEY))
        .limit(limit)
        .toList();
  }
}
