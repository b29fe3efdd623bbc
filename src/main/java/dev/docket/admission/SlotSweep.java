package dev.docket.admission;

import dev.docket.concurrent.Stages;
import dev.docket.maintenance.Sweep;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees slots whose run is not handed out, or no longer: those of servers that crashed between the
 * two writes of an admission. A slot must be seen so for {@link #PATIENCE} on this server's
 * monotonic clock. If the task still waits, a slow server may be about to admit it to this very
 * slot: changing the version of the task first prevents that.
 */
public final class SlotSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(SlotSweep.class);

  /** How long an admission may take. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int PAGE_SIZE = 500;

  private final SlotStore slots;
  private final TaskStore store;
  private final TaskService tasks;
  private final Admissions admissions;
  private final LongSupplier nanos;

  /** When an admission was first seen in a slot without its run, by its id. */
  private Map<String, Long> suspects = new HashMap<>();

  /**
   * Creates the sweep.
   *
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  public SlotSweep(
      SlotStore slots,
      TaskStore store,
      TaskService tasks,
      Admissions admissions,
      LongSupplier nanos) {
    this.slots = slots;
    this.store = store;
    this.tasks = tasks;
    this.admissions = admissions;
    this.nanos = nanos;
  }

  @Override
  public String name() {
    return "slots";
  }

  @Override
  public void run() {
    Map<String, Long> seen = new HashMap<>();
    List<Versioned<Slot>> page;
    Slot last = null;
    do {
      page = slots.occupied(last, PAGE_SIZE);
      check(page, seen);
      last = page.isEmpty() ? null : page.get(page.size() - 1).value();
    } while (page.size() == PAGE_SIZE);
    suspects = seen;
  }

  @Override
  public void skip() {
    suspects = new HashMap<>();
  }

  private void check(List<Versioned<Slot>> page, Map<String, Long> seen) {
    Map<TaskId, Versioned<Task>> occupants =
        page.isEmpty()
            ? Map.of()
            : Stages.join(
                store.find(
                    page.stream()
                        .map(slot -> slot.value().task())
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet())));
    long now = nanos.getAsLong();
    for (Versioned<Slot> slot : page) {
      String admission = String.valueOf(slot.value().admission());
      Versioned<Task> occupant = occupants.get(slot.value().task());
      if (occupant != null && slot.value().isOccupiedBy(occupant.value().run().admission())) {
        continue;
      }
      long since = suspects.getOrDefault(admission, now);
      if (now - since >= PATIENCE.toNanos()) {
        free(slot, occupant);
      } else {
        seen.put(admission, since);
      }
    }
  }

  private void free(Versioned<Slot> slot, @Nullable Versioned<Task> occupant) {
    if (occupant != null
        && occupant.value().run().limitedSince() != null
        && !Stages.join(tasks.changes(occupant, new Command.Fence()))) {
      return;
    }
    Slot occupied = slot.value();
    WriteOutcome outcome =
        Stages.join(slots.write(Slot.free(occupied.key(), occupied.number()), slot.version()));
    if (outcome instanceof WriteOutcome.Stored) {
      LOG.atWarn()
          .addKeyValue("task", occupied.task())
          .log(
              "Slot {} of key {} was occupied by a run that is not handed out; it is free now",
              occupied.number(),
              occupied.key());
      admissions.request(occupied.key());
    }
  }
}
