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

/** Of a task that the broker has (202). */
final class QueueFindings {

  /** The broker's figures are some seconds old: of a message that is younger they say nothing. */
  private static final Duration FIGURES_LAG = Duration.ofSeconds(15);

  private static final int MAX_QUEUES = 5;

  private QueueFindings() {}

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    if (OutboxFindings.publish(task).isPresent()) {
      findings.add(PublishFindings.onItsWay(task, now));
    }
    PublishFindings.broker(evidence).ifPresent(findings::add);
    Evidence.Queues queues = evidence.queues();
    if (queues == null || queues.unknown() != null) {
      findings.add(uncounted(task, evidence));
      findings.add(
          RouteFindings.censusUnknown(queues == null ? "nobody counted" : queues.unknown()));
    } else {
      findings.addAll(counted(task, evidence, queues.taking(Route.of(task)), now));
    }
    Policy policy = evidence.policy();
    if (policy != null && policy.ackMode() != Policy.AckMode.CLAIMS) {
      findings.add(RunFindings.foreign(task));
    }
    RunFindings.unanswered(task, now).ifPresent(findings::add);
    return findings;
  }

  private static Finding uncounted(Task task, Evidence evidence) {
    Evidence.Line line = evidence.line();
    Finding finding =
        Finding.of(
            Finding.Kind.QUEUED,
            "It waits for a worker of "
                + Route.of(task)
                + " since "
                + ExplanationText.at(since(task))
                + (line == null ? "." : ", behind " + others(line) + "."));
    return finding
        .with("since", since(task))
        .with("dispatched_at", task.dispatchedAt())
        .with("priority", task.spec().priority())
        .with("ahead", line == null ? null : line.ahead());
  }

  private static List<Finding> counted(
      Task task, Evidence evidence, List<Census.Queue> queues, Instant now) {
    String route = Route.of(task).toString();
    if (queues.isEmpty()) {
      return List.of(
          Finding.of(
                  Finding.Kind.NO_QUEUE,
                  "The broker took its message at "
                      + ExplanationText.at(since(task))
                      + ", but no queue is bound for "
                      + route
                      + " now: the message went with its queue, or the queue is just being made.")
              .with("route", route)
              .with("dispatched_at", task.dispatchedAt()));
    }
    List<Finding> findings = new ArrayList<>();
    long held = queues.stream().mapToLong(q -> q.ready() + q.unacknowledged()).sum();
    long consumers = queues.stream().mapToLong(Census.Queue::consumers).sum();
    if (held == 0 && tells(task, evidence, now)) {
      findings.add(
          Finding.of(
                  Finding.Kind.MESSAGE_MISSING,
                  "The broker took its message at "
                      + ExplanationText.at(since(task))
                      + ", but the broker's queues for "
                      + route
                      + " are empty: the message seems to be lost, or was taken this moment.")
              .with("route", route)
              .with("messages", 0)
              .with("dispatched_at", task.dispatchedAt()));
    } else if (consumers == 0) {
      findings.add(
          Finding.of(
                  Finding.Kind.NO_CONSUMER,
                  "Nobody is there to do it: "
                      + name(queues)
                      + (queues.size() == 1 ? " has " : " have ")
                      + ExplanationText.count(held, "message", "messages")
                      + " and no consumer.")
              .with("route", route)
              .with("messages", held)
              .with("consumers", 0)
              .with("since", since(task)));
    } else {
      findings.add(inLine(task, evidence, queues, consumers));
    }
    queues.stream().limit(MAX_QUEUES).map(QueueFindings::figures).forEach(findings::add);
    return findings;
  }

  /** Whether an empty queue says that the message is gone: those who acknowledge early empty it. */
  private static boolean tells(Task task, Evidence evidence, Instant now) {
    Policy policy = evidence.policy();
    Instant dispatched = task.dispatchedAt();
    return policy != null
        && policy.ackMode() != Policy.AckMode.ACKNOWLEDGES_EARLY
        && dispatched != null
        && dispatched.plus(FIGURES_LAG).isBefore(now);
  }

  private static Finding inLine(
      Task task, Evidence evidence, List<Census.Queue> queues, long consumers) {
    Evidence.Line line = evidence.line();
    Optional<Estimate> estimate = line == null ? Optional.empty() : Estimate.of(line, consumers);
    String text =
        "It waits in "
            + name(queues)
            + " with "
            + ExplanationText.count(consumers, "consumer", "consumers")
            + (line == null ? "" : ", behind " + others(line))
            + estimate.map(e -> ": " + e.text()).orElse("")
            + ".";
    return Finding.of(Finding.Kind.QUEUED, text)
        .with("since", since(task))
        .with("dispatched_at", task.dispatchedAt())
        .with("priority", task.spec().priority())
        .with("consumers", consumers)
        .with("ahead", line == null ? null : line.ahead())
        .with("estimated_wait_ms", estimate.map(Estimate::waitMs).orElse(null))
        .with("mean_run_ms", estimate.map(Estimate::meanMs).orElse(null))
        .with("median_run_ms", estimate.map(Estimate::medianMs).orElse(null))
        .with("runs", estimate.map(Estimate::runs).orElse(null));
  }

  private static String name(List<Census.Queue> queues) {
    return queues.size() == 1 ? queues.get(0).name() : "its " + queues.size() + " queues";
  }

  private static String others(Evidence.Line line) {
    return line.ahead() >= Evidence.Line.MAX_COUNTED
        ? Evidence.Line.MAX_COUNTED + " others or more"
        : line.ahead() == 0
            ? "no other"
            : "about " + ExplanationText.count(line.ahead(), "other", "others");
  }

  private static Finding figures(Census.Queue queue) {
    return Finding.of(
            Finding.Kind.QUEUE,
            queue.name()
                + " has "
                + ExplanationText.count(queue.ready(), "message", "messages")
                + " waiting, "
                + queue.unacknowledged()
                + " in the hands of "
                + ExplanationText.count(queue.consumers(), "consumer", "consumers")
                + ".")
        .with("queue", queue.name())
        .with("ready", queue.ready())
        .with("unacknowledged", queue.unacknowledged())
        .with("consumers", queue.consumers());
  }

  private static Instant since(Task task) {
    if (task.queuedAt() != null) {
      return task.queuedAt();
    }
    return task.dispatchedAt() != null ? task.dispatchedAt() : task.updatedAt();
  }
}
