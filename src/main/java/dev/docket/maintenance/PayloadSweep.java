package dev.docket.maintenance;

import dev.docket.result.ListedRuns;
import dev.docket.result.PayloadPart;
import dev.docket.result.PayloadStore;
import dev.docket.result.PayloadStore.PartName;
import dev.docket.store.WriteOutcome;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskStore;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes payloads that belong to no result: of runs that ended otherwise or were never reported as
 * complete, of servers that stopped while they deleted results, and of deleted tasks. A worker may
 * still need a payload that was stored recently, so the sweep looks only at parts older than {@link
 * SweepPass#MIN_AGE}.
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

  static final int PAGE_SIZE = 500;

  private final PayloadStore payloads;
  private final Clock clock;
  private final SweepPass<PartName> pass;

  public PayloadSweep(PayloadStore payloads, TaskStore tasks, Clock clock) {
    this.payloads = payloads;
    this.clock = clock;
    this.pass =
        new SweepPass<>(PAGE_SIZE, payloads::writtenBefore, tasks, part -> part.owner().task());
  }

  @Override
  public String name() {
    return "payloads";
  }

  @Override
  public void run() {
    long removed = pass.run(clock.instant(), PayloadSweep::isNeeded, this::remove);
    if (removed > 0) {
      LOG.info("Deleted {} parts of payloads that belong to no result", removed);
    }
  }

  private static boolean isNeeded(PartName part, @Nullable Task task) {
    PayloadPart.Owner run = part.owner();
    return task != null
        && (isCurrent(task, run) || ListedRuns.find(task, run.run(), part.result()).isPresent());
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
