package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.task.Route;
import dev.docket.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings for a task for which no queue is bound (422). */
final class RouteFindings {

  private static final int MAX_QUEUES = 5;

  private RouteFindings() {}

  static List<Finding> of(Task task, Evidence evidence) {
    Route route = Route.of(task);
    Instant since = ExplanationText.lastTransition(task).at();
    Evidence.Queues queues = evidence.queues();
    boolean counted = queues != null && queues.error() == null;
    List<Census.Queue> bound = queues == null ? List.of() : queues.boundFor(route);
    List<Census.Queue> keyOnly = queues == null ? List.of() : queues.boundForKeyOnly(route);
    List<Finding> findings = new ArrayList<>();
    findings.add(
        noQueue(route, since, bound, counted && keyOnly.isEmpty())
            .with("courier", task.run().protocol())
            .with("exchange", queues == null ? null : queues.exchange()));
    keyOnly.stream()
        .limit(MAX_QUEUES)
        .map(queue -> otherQueue(queue, route))
        .forEach(findings::add);
    PublishFindings.brokerUnreachable(evidence).ifPresent(findings::add);
    if (!counted) {
      findings.add(censusUnknown(queues));
    }
    return findings;
  }

  private static Finding noQueue(
      Route route, Instant since, List<Census.Queue> bound, boolean noneForKey) {
    String text =
        bound.isEmpty()
            ? "No queue has been bound for "
                + route
                + " since "
                + ExplanationText.at(since)
                + (noneForKey ? ", and none for any type of key " + route.key() : "")
                + ". Start a worker for key "
                + route.key()
                + " and type "
                + route.type().wire()
                + "; the server publishes the task when a queue is bound."
            : "No queue was bound for "
                + route
                + " when the server published the task, but queue "
                + bound.get(0).name()
                + " is bound now; the server publishes the task again within seconds.";
    Finding finding =
        Finding.of(Finding.Kind.NO_QUEUE, text)
            .with("route", route.toString())
            .with("since", since);
    return bound.isEmpty() ? finding : finding.with("queue", bound.get(0).name());
  }

  private static Finding otherQueue(Census.Queue queue, Route route) {
    return Finding.of(
            Finding.Kind.OTHER_QUEUE,
            "Queue "
                + queue.name()
                + " is bound for key "
                + route.key()
                + ", but not for "
                + route
                + " on the exchange of this task.")
        .with("queue", queue.name())
        .with(
            "bindings",
            queue.bindings().stream()
                .limit(20)
                .map(binding -> binding.exchange() + " " + binding.routingKey())
                .toList())
        .with("ready", queue.ready())
        .with("consumers", queue.consumers());
  }

  /** For queues without statistics. */
  static Finding censusUnknown(Evidence.@Nullable Queues queues) {
    String reason =
        queues == null ? "the worker protocol is not configured" : String.valueOf(queues.error());
    return Finding.of(
            Finding.Kind.CENSUS_UNKNOWN, "No queue statistics are available (" + reason + ").")
        .with("reason", reason);
  }
}
