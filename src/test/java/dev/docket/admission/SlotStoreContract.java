package dev.docket.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contract of a slot store. Each test starts with an empty store. */
public interface SlotStoreContract {

  TaskKey ASR = new TaskKey("ASR");

  SlotStore slots();

  /** Makes all writes visible to searches. */
  void refresh();

  private static Slot slot(String key, int number) {
    return Slot.free(new TaskKey(key), number).with(new TaskId("t" + number), "a" + number);
  }

  private Version write(Slot slot, Version seen) {
    WriteOutcome outcome = slots().write(slot, seen).toCompletableFuture().join();
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) outcome).version();
  }

  @Test
  default void readsWhatWasWritten() {
    Version version = write(slot("ASR", 2), null);
    write(slot("ASR", 3), null);
    write(slot("ASR_2", 1), null);

    assertThat(slots().find(ASR, 2).toCompletableFuture().join())
        .contains(new Versioned<>(slot("ASR", 2), version));
    assertThat(slots().find(ASR, 1).toCompletableFuture().join()).isEmpty();
    assertThat(slots().read(ASR, 2).toCompletableFuture().join()).containsOnlyKeys(2);
    assertThat(slots().read(ASR, 1000).toCompletableFuture().join()).containsOnlyKeys(2, 3);
  }

  @Test
  default void writesOnlyTheVersionThatWasSeen() {
    Version first = write(slot("ASR", 1), null);
    assertThat(slots().write(slot("ASR", 1), null).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Conflict.class);
    Version second = write(Slot.free(ASR, 1), first);

    assertThat(slots().write(slot("ASR", 1), first).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(slots().find(ASR, 1).toCompletableFuture().join())
        .contains(new Versioned<>(Slot.free(ASR, 1), second));
  }

  @Test
  default void pagesOccupiedSlots() {
    write(Slot.free(ASR, 1), null);
    write(slot("ASR", 2), null);
    write(slot("ASR", 10), null);
    write(slot("OCR", 1), null);
    refresh();

    List<Versioned<Slot>> first = slots().occupied(null, 2);
    assertThat(first).extracting(Versioned::value).containsExactly(slot("ASR", 2), slot("ASR", 10));
    assertThat(slots().occupied(first.get(1).value(), 2))
        .extracting(Versioned::value)
        .containsExactly(slot("OCR", 1));
  }
}
