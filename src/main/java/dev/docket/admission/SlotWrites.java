package dev.docket.admission;

import dev.docket.store.Unstorable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes slots by compare-and-set. */
final class SlotWrites {

  private final SlotStore slots;

  SlotWrites(SlotStore slots) {
    this.slots = slots;
  }

  /**
   * Writes a slot, and completes with its version; empty if another server has changed the slot
   * meanwhile.
   *
   * @return fails with {@link dev.docket.store.StoreUnavailable} if it is unknown whether the slot
   *     was written
   */
  CompletionStage<Optional<Version>> write(Slot slot, @Nullable Version seen) {
    return slots
        .write(slot, seen)
        .thenCompose(
            outcome ->
                outcome.match(
                    version -> CompletableFuture.completedStage(Optional.of(version)),
                    conflict -> versionIfWritten(slot),
                    reason -> {
                      throw new Unstorable("slot", reason);
                    }));
  }

  /** A write that succeeded may look like a conflict, because the client has repeated it. */
  private CompletionStage<Optional<Version>> versionIfWritten(Slot slot) {
    return slots
        .find(slot.key(), slot.number())
        .thenApply(
            found -> found.filter(current -> current.value().equals(slot)).map(Versioned::version));
  }
}
