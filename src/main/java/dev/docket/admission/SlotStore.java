package dev.docket.admission;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores the slots of keys with a concurrency limit. Slots are never removed. */
public interface SlotStore {

  /** Reads the slots of a key up to a number, by number. Those that were never used are absent. */
  CompletionStage<Map<Integer, Versioned<Slot>>> read(TaskKey key, int upTo);

  /** Reads a slot; empty if it was never used. */
  CompletionStage<Optional<Versioned<Slot>>> find(TaskKey key, int number);

  /**
   * Writes a slot if it has not changed since it was read.
   *
   * @param seen the version that was read; null if the slot was absent
   */
  CompletionStage<WriteOutcome> write(Slot slot, @Nullable Version seen);

  /**
   * Finds the occupied slots of all keys, in order of key and number, as of the last refresh.
   * Blocks.
   *
   * @param after the last slot of the previous page; null for the first page
   */
  List<Versioned<Slot>> occupied(@Nullable Slot after, int limit);
}
