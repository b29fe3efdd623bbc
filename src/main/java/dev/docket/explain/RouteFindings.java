package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.task.Route;
import dev.docket.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a task that no queue takes (422). */
final class RouteFindings {

  private static final int MAX_QUEUES = 5;

  private RouteFindings() {}

  static List<Finding> of(Task task, Evidence evidence) {
    Route route = Route.of(task);
    Instant since = ExplanationText.lastMove(task).at();
    Evidence.Queues queues = evidence.queues();
    boolean counted = queues != null && queues.unknown() == null;
    List<Census.Queue> there = queues == null ? List.of() : queues.taking(route);
    List<Census.Queue> others = queues == null ? List.of() : queues.missing(route);
    List<Finding> findings = new ArrayList<>();
    findings.add(
        noQueue(route, since, there, counted && others.isEmpty())
            .with("courier", task.spec().protocol())
            .with("exchange", queues == null ? null : queues.exchange()));
    others.stream().limit(MAX_QUEUES).map(queue -> other(queue, route)).forEach(findings::add);
    PublishFindings.broker(evidence).ifPresent(findings::add);
    if (!counted) {
      findings.add(censusUnknown(queues == null ? "nobody counted" : queues.unknown()));
    }
    return findings;
  }

  private static Finding noQueue(
      Route route, Instant since, List<Census.Queue> there, boolean none) {
    String text =
        there.isEmpty()
            ? "No queue takes "
                + route
                + " since "
                + ExplanationText.at(since)
                + (none ? ", and there is none for " + route.key() + " at all" : "")
                + ": no worker for it has appeared; it is sent again when one does."
            : "No queue took "
                + route
                + " when it was sent, but "
                + there.get(0).name()
                + " does now: it is sent again within seconds.";
    Finding finding =
        Finding.of(Finding.Kind.NO_QUEUE, text)
            .with("route", route.toString())
            .with("since", since);
    return there.isEmpty() ? finding : finding.with("queue", there.get(0).name());
  }

  private static Finding other(Census.Queue queue, Route route) {
    return Finding.of(
            Finding.Kind.OTHER_QUEUE,
            "Queue "
                + queue.name()
                + " takes "
                + route.key()
                + ", but not "
                + route
                + " from there.")
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

  static Finding censusUnknown(@Nullable String why) {
    return Finding.of(
            Finding.Kind.CENSUS_UNKNOWN,
            "What is in the broker's queues cannot be said: " + why + ".")
        .with("reason", why);
  }
}
