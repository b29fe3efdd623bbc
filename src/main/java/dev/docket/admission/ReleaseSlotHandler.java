package dev.docket.admission;

import dev.docket.outbox.EffectHandler;
import dev.docket.task.Admission;
import dev.docket.task.Task;
import dev.docket.task.machine.Effect;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives the slot of a run that is no longer handed out to the next waiting run of its key. */
public final class ReleaseSlotHandler implements EffectHandler<Effect.ReleaseSlot> {

  private final SlotStore slots;
  private final Admissions admissions;

  public ReleaseSlotHandler(SlotStore slots, Admissions admissions) {
    this.slots = slots;
    this.admissions = admissions;
  }

  @Override
  public CompletionStage<Void> perform(Task task, Effect.ReleaseSlot effect) {
    Admission ended = effect.admission();
    Integer number = ended.slot();
    if (number == null) {
      return CompletableFuture.completedStage(null);
    }
    return slots
        .find(task.key(), number)
        .thenCompose(
            found ->
                found
                    .filter(slot -> slot.value().isOccupiedBy(ended))
                    .map(admissions::handOver)
                    .orElseGet(() -> CompletableFuture.completedStage(null)));
  }
}
