package dev.docket.worker;

import dev.docket.wire.ReportResponse;
import dev.docket.wire.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pending claims of a worker. A message is acknowledged when the server has decided its claim.
 * If a claim stays undecided for too long, its message is requeued. A claim that is in flight when
 * its broker session ends is executed if the server grants it, but it is not sent again. All
 * methods run on the loop's thread, unless stated otherwise.
 */
final class Claims {

  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  private final WorkerSettings settings;
  private final BrokerLoop loop;
  private final Reporter reporter;
  private final WorkerSlots slots;
  private final Runs runs;
  private final WorkerProcess process;
  private final Set<PendingClaim> undecided = new HashSet<>();
  private volatile boolean stopping;

  Claims(
      WorkerSettings settings,
      BrokerLoop loop,
      Reporter reporter,
      WorkerSlots slots,
      Runs runs,
      WorkerProcess process) {
    this.settings = settings;
    this.loop = loop;
    this.reporter = reporter;
    this.slots = slots;
    this.runs = runs;
    this.process = process;
  }

  /** Claims a run, with a claim id for this delivery. The caller's slot passes to the claim. */
  void claim(ClaimCandidate candidate) {
    PendingClaim claim = new PendingClaim(candidate, UUID.randomUUID().toString());
    undecided.add(claim);
    RunItems items = new RunItems(settings.name(), candidate.run(), claim.id);
    reporter.send(
        items.claim(process.id()),
        claim::isNeeded,
        response -> loop.execute(() -> onDecision(claim, response)));
  }

  private void onDecision(PendingClaim claim, @Nullable ReportResponse response)
      throws IOException {
    undecided.remove(claim);
    if (response != null && response.accepted()) {
      onGranted(claim, response);
    } else {
      RunId run = claim.candidate.run();
      if (response != null && response.status() == 403) {
        LOG.warn(
            "The key of this worker does not allow task {}; remove its task key from the worker: {}",
            run.task(),
            response.why());
      }
      LOG.debug("Attempt {} of task {} was not claimed: {}", run.attempt(), run.task(), response);
      slots.release(1);
    }
    BrokerSession.Delivery delivery = claim.candidate.delivery();
    if (!delivery.session().isOpen()) {
      return;
    }
    if (response == null) {
      delivery.requeue();
    } else {
      delivery.acknowledge();
    }
  }

  private void onGranted(PendingClaim claim, ReportResponse response) {
    ClaimCandidate candidate = claim.candidate;
    Task task = current(candidate, response);
    if (task == null) {
      LOG.error(
          "Cannot execute attempt {} of task {}; ending it with 500: {}",
          candidate.run().attempt(),
          candidate.run().task(),
          candidate.problem());
      runs.fail(
          candidate.run(), claim.id, "the worker cannot execute the task: " + candidate.problem());
      return;
    }
    int leaseSeconds = response.leaseSeconds() == null ? 0 : response.leaseSeconds();
    long timeoutSeconds = response.timeoutSeconds() == null ? 0 : response.timeoutSeconds();
    runs.begin(Lease.of(candidate.run(), claim.id, leaseSeconds), task.withTimeout(timeoutSeconds));
  }

  /** The task with the document of the claim, which the message may carry in an earlier version. */
  private static @Nullable Task current(ClaimCandidate candidate, ReportResponse response) {
    Task task = candidate.task();
    return task == null || response.document() == null
        ? task
        : task.withDocument(response.document());
  }

  /** Gives up claims that have been undecided for too long. */
  void tick(long now) {
    Duration limit = settings.timeouts().claimTimeout();
    undecided.stream()
        .filter(claim -> now - claim.candidate.arrivedAt() > limit.toNanos())
        .forEach(claim -> claim.timedOut = true);
    dropObsolete();
  }

  /** Stops repeating claims. May be called on any thread. */
  void stop() {
    stopping = true;
    dropObsolete();
  }

  /** Drops claims whose session has ended. */
  void dropObsolete() {
    reporter.dropObsolete();
  }

  private final class PendingClaim {
    private final ClaimCandidate candidate;
    private final String id;
    private volatile boolean timedOut;

    private PendingClaim(ClaimCandidate candidate, String id) {
      this.candidate = candidate;
      this.id = id;
    }

    /** Called also on the reporter's thread. */
    private boolean isNeeded() {
      return !timedOut && !stopping && candidate.delivery().session().isOpen();
    }
  }
}
