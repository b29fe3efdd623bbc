package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.result.ListedRuns;
import dev.docket.result.PayloadPart;
import dev.docket.result.PayloadStore;
import dev.docket.result.PayloadStore.PartName;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes payloads that belong to no result: of runs that ended otherwise or were never reported as
 * complete, of servers that stopped while they deleted results, and of deleted tasks. A worker may
 * still need a payload that was stored recently, so the sweep looks only at parts older than {@link
 * #MIN_AGE}.
 *
 * <p>The sweep goes through all parts once a day. If the leader changes, the new one starts from
 * the beginning.
 *
 * <p>The task is read after the part was found. A run that is not the current one stays so, and a
 * run is listed in the transition that ends it, so a payload that is deleted here is never needed
 * again.
 */
public final class PayloadSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(PayloadSweep.class);

  /** Age from which a part is deleted if no result refers to it. */
  static final Duration MIN_AGE = Duration.ofDays(1);

  static final int PAGE_SIZE = 500;

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 20;

  private final PayloadStore payloads;
  private final TaskStore tasks;
  private final Clock clock;
  private final SweepPass<PartName> pass = new SweepPass<>(PAGE_SIZE, MAX_PAGES);

  public PayloadSweep(PayloadStore payloads, TaskStore tasks, Clock clock) {
    this.payloads = payloads;
    this.tasks = tasks;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "payloads";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    pass.run(now, last -> check(now.minus(MIN_AGE), last));
  }

  private List<PartName> check(Instant before, @Nullable PartName last) {
    List<PartName> page = payloads.writtenBefore(before, last, PAGE_SIZE);
    Map<TaskId, Versioned<Task>> owners =
        page.isEmpty()
            ? Map.of()
            : Stages.join(
                tasks.find(
                    page.stream().map(part -> part.owner().task()).collect(Collectors.toSet())));
    List<CompletionStage<Void>> removals =
        page.stream()
            .filter(part -> !isNeeded(part, owners.get(part.owner().task())))
            .map(this::remove)
            .toList();
    Stages.join(Stages.all(removals));
    if (!removals.isEmpty()) {
      LOG.info("Deleted {} parts of payloads that belong to no result", removals.size());
    }
    return page;
  }

  private static boolean isNeeded(PartName part, @Nullable Versioned<Task> owner) {
    if (owner == null) {
      return false;
    }
    Task task = owner.value();
    PayloadPart.Owner run = part.owner();
    return isCurrent(task, run) || ListedRuns.find(task, run.run(), part.result()).isPresent();
  }

  /** Whether the run may still end with this payload. */
  private static boolean isCurrent(Task task, PayloadPart.Owner run) {
    return !task.deleted()
        && !task.state().isFinished()
        && task.isCurrentRun(new RunRef(run.attempt(), run.run()));
  }

  private CompletionStage<Void> remove(PartName part) {
    return payloads.remove(part.result(), part.number()).thenAccept(WriteOutcome::requireKnown);
  }
}
