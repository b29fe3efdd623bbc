package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.task.Route;
import dev.docket.workers.Occupancy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of a queued task are doing. A worker of Docket's protocol has no consumer while
 * its slots are taken, so the number of consumers alone does not say whether there are workers.
 */
final class WorkerFindings {

  private WorkerFindings() {}

  /** For a task whose queues have no consumer. */
  static Finding withoutConsumer(
      Route route, Evidence evidence, List<Census.Queue> queues, Instant since) {
    long messages = queues.stream().mapToLong(q -> q.ready() + q.unacknowledged()).sum();
    Occupancy workers = evidence.workers();
    Finding finding =
        workers != null && workers.busy()
            ? Finding.of(
                Finding.Kind.WORKERS_BUSY,
                busy(route, workers) + QueueFindings.wait(evidence, slots(workers, 0)))
            : Finding.of(
                Finding.Kind.NO_CONSUMER, idle(route, workers, noConsumers(queues, messages)));
    return withEvidence(
        finding
            .with("route", route.toString())
            .with("messages", messages)
            .with("consumers", 0)
            .with("since", since),
        workers);
  }

  private static String busy(Route route, Occupancy workers) {
    if (workers.slots() == null && workers.workers() > 1) {
      return "No worker takes messages now: "
          + workers.workers()
          + " workers for "
          + route
          + " run "
          + ExplanationText.count(workers.taken(), "task", "tasks")
          + ", and not all of them report their slots.";
    }
    return (workers.workers() == 1
            ? "The only worker for " + route + " is busy"
            : "All " + workers.workers() + " workers for " + route + " are busy")
        + " ("
        + taken(workers)
        + ").";
  }

  private static String noConsumers(List<Census.Queue> queues, long messages) {
    return QueueFindings.name(queues)
        + (queues.size() == 1 ? " has " : " have ")
        + ExplanationText.count(messages, "message", "messages")
        + " and no consumers.";
  }

  private static String idle(Route route, @Nullable Occupancy workers, String noConsumers) {
    if (workers == null || workers.workers() == 0) {
      return "No worker is connected: " + noConsumers;
    }
    Instant seen = workers.lastSeen();
    return "No worker takes messages: "
        + noConsumers
        + " "
        + ExplanationText.count(workers.workers(), "worker", "workers")
        + " for "
        + route
        + " reported recently"
        + (seen == null ? "" : ", last at " + ExplanationText.at(seen))
        + " ("
        + taken(workers)
        + "), but may have stopped or lost the connection to the broker.";
  }

  /** Continues the text about a queue, such as "; 3 workers, 2 of 12 slots taken". */
  static String summary(@Nullable Occupancy workers) {
    return workers == null || workers.workers() == 0
        ? ""
        : "; "
            + ExplanationText.count(workers.workers(), "worker", "workers")
            + ", "
            + taken(workers);
  }

  /** How many tasks of the route can run at the same time, as far as that is known. */
  static long slots(@Nullable Occupancy workers, long consumers) {
    if (workers == null) {
      return consumers;
    }
    Integer slots = workers.slots();
    return Math.max(consumers, slots == null ? workers.taken() : slots);
  }

  static Finding withEvidence(Finding finding, @Nullable Occupancy workers) {
    return workers == null
        ? finding
        : finding
            .with("workers", workers.workers())
            .with("slots", workers.slots())
            .with("slots_taken", workers.taken());
  }

  private static String taken(Occupancy workers) {
    Integer slots = workers.slots();
    return slots == null
        ? ExplanationText.count(workers.taken(), "task", "tasks") + " running"
        : workers.taken() + " of " + ExplanationText.count(slots, "slot", "slots") + " taken";
  }
}
