package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Findings for a task whose message the broker has confirmed (202). */
final class QueueFindings {

  /** Queue statistics are some seconds old, so they may not include a message younger than this. */
  private static final Duration STATISTICS_LAG = Duration.ofSeconds(15);

  private static final int MAX_QUEUES = 5;

  private static final String IF_LOST =
      " If it is lost, the census sweep detects that and the server publishes it again.";

  private QueueFindings() {}

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    if (OutboxFindings.publish(task).isPresent()) {
      findings.add(PublishFindings.publishing(task, now));
    }
    PublishFindings.brokerUnreachable(evidence).ifPresent(findings::add);
    Evidence.Queues queues = evidence.queues();
    if (queues == null || queues.error() != null) {
      findings.add(withoutStatistics(task, evidence));
      findings.add(RouteFindings.censusUnknown(queues));
    } else {
      findings.addAll(withStatistics(task, evidence, queues.boundFor(Route.of(task)), now));
    }
    QueuePolicyFindings.addWhileQueued(findings, task, evidence);
    Policy policy = evidence.policy();
    if (policy != null && policy.ackMode() != Policy.AckMode.CLAIMS) {
      findings.add(RunFindings.withoutLease(task));
    }
    RunFindings.unanswered(task, now).ifPresent(findings::add);
    return findings;
  }

  private static Finding withoutStatistics(Task task, Evidence evidence) {
    Evidence.QueuePosition position = evidence.position();
    Finding finding =
        Finding.of(
            Finding.Kind.QUEUED,
            "The task has been waiting for a worker of "
                + Route.of(task)
                + " since "
                + ExplanationText.at(since(task))
                + (position == null ? "." : ", with " + ahead(position) + "."));
    return finding
        .with("since", since(task))
        .with("dispatched_at", task.run().dispatchedAt())
        .with("priority", task.spec().priority())
        .with("ahead", position == null ? null : position.ahead());
  }

  private static List<Finding> withStatistics(
      Task task, Evidence evidence, List<Census.Queue> queues, Instant now) {
    String route = Route.of(task).toString();
    if (queues.isEmpty()) {
      return List.of(
          Finding.of(
                  Finding.Kind.NO_QUEUE,
                  "The broker accepted the task's message at "
                      + ExplanationText.at(since(task))
                      + ", but no queue is bound for "
                      + route
                      + " now: the queue was deleted with the message, or is just being declared."
                      + IF_LOST)
              .with("route", route)
              .with("dispatched_at", task.run().dispatchedAt()));
    }
    List<Finding> findings = new ArrayList<>();
    long messages = queues.stream().mapToLong(q -> q.ready() + q.unacknowledged()).sum();
    long consumers = queues.stream().mapToLong(Census.Queue::consumers).sum();
    if (messages == 0 && emptyMeansLost(task, evidence, now)) {
      findings.add(
          Finding.of(
                  Finding.Kind.MESSAGE_MISSING,
                  "The broker accepted the task's message at "
                      + ExplanationText.at(since(task))
                      + ", but its queues for "
                      + route
                      + " are empty: the message is lost, or a worker has just received it."
                      + IF_LOST)
              .with("route", route)
              .with("messages", 0)
              .with("dispatched_at", task.run().dispatchedAt()));
    } else if (consumers == 0) {
      findings.add(WorkerFindings.withoutConsumer(Route.of(task), evidence, queues, since(task)));
    } else {
      findings.add(queued(task, evidence, queues, consumers));
    }
    queues.stream().limit(MAX_QUEUES).map(QueueFindings::statistics).forEach(findings::add);
    return findings;
  }

  /**
   * Whether an empty queue means that the message is lost. Workers that acknowledge early leave
   * their queue empty while they work.
   */
  private static boolean emptyMeansLost(Task task, Evidence evidence, Instant now) {
    Policy policy = evidence.policy();
    Instant dispatched = task.run().dispatchedAt();
    return policy != null
        && policy.ackMode() != Policy.AckMode.ACKNOWLEDGES_EARLY
        && dispatched != null
        && dispatched.plus(STATISTICS_LAG).isBefore(now);
  }

  private static Finding queued(
      Task task, Evidence evidence, List<Census.Queue> queues, long consumers) {
    Evidence.QueuePosition position = evidence.position();
    Optional<Estimate> estimate =
        estimate(position, WorkerFindings.slots(evidence.workers(), consumers));
    String text =
        "The task is waiting in "
            + name(queues)
            + " ("
            + ExplanationText.count(consumers, "consumer", "consumers")
            + WorkerFindings.summary(evidence.workers())
            + ")"
            + (position == null ? "" : " with " + ahead(position))
            + "."
            + estimate.map(e -> " " + e.text()).orElse("");
    Finding finding =
        WorkerFindings.withEvidence(Finding.of(Finding.Kind.QUEUED, text), evidence.workers());
    return finding
        .with("since", since(task))
        .with("dispatched_at", task.run().dispatchedAt())
        .with("priority", task.spec().priority())
        .with("consumers", consumers)
        .with("ahead", position == null ? null : position.ahead())
        .with("estimated_wait_ms", estimate.map(Estimate::waitMs).orElse(null))
        .with("mean_run_ms", estimate.map(Estimate::meanMs).orElse(null))
        .with("median_run_ms", estimate.map(Estimate::medianMs).orElse(null))
        .with("runs", estimate.map(Estimate::runs).orElse(null));
  }

  private static Optional<Estimate> estimate(
      Evidence.@Nullable QueuePosition position, long slots) {
    return position == null ? Optional.empty() : Estimate.of(position, slots);
  }

  /** How many tasks are ahead, and how long that may take, as far as that is known. */
  static String wait(Evidence evidence, long slots) {
    Evidence.QueuePosition position = evidence.position();
    return position == null
        ? ""
        : " The task is queued with "
            + ahead(position)
            + "."
            + estimate(position, slots).map(e -> " " + e.text()).orElse("");
  }

  static String name(List<Census.Queue> queues) {
    return queues.size() == 1
        ? "queue " + queues.get(0).name()
        : "its " + queues.size() + " queues";
  }

  private static String ahead(Evidence.QueuePosition position) {
    String number =
        position.ahead() >= Evidence.QueuePosition.MAX_COUNTED
            ? "at least " + Evidence.QueuePosition.MAX_COUNTED + " tasks"
            : position.ahead() == 0
                ? "no tasks"
                : "about " + ExplanationText.count(position.ahead(), "task", "tasks");
    return number + " ahead of it";
  }

  private static Finding statistics(Census.Queue queue) {
    return Finding.of(
            Finding.Kind.QUEUE,
            "Queue "
                + queue.name()
                + " has "
                + ExplanationText.count(queue.ready(), "message", "messages")
                + " ready and "
                + queue.unacknowledged()
                + " unacknowledged, with "
                + ExplanationText.count(queue.consumers(), "consumer", "consumers")
                + ".")
        .with("queue", queue.name())
        .with("ready", queue.ready())
        .with("unacknowledged", queue.unacknowledged())
        .with("consumers", queue.consumers());
  }

  private static Instant since(Task task) {
    if (task.run().queuedAt() != null) {
      return task.run().queuedAt();
    }
    return task.run().dispatchedAt() != null ? task.run().dispatchedAt() : task.updatedAt();
  }
}
