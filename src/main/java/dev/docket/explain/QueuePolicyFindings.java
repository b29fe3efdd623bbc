package dev.docket.explain;

import dev.docket.broker.Census;
import dev.docket.broker.QueueLimit;
import dev.docket.task.Route;
import dev.docket.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Findings about queues that reject or drop messages, because of a policy of the broker or an
 * argument of the queue.
 */
final class QueuePolicyFindings {

  private static final int MAX_QUEUES = 5;
  private static final String REJECT = "reject-publish";

  private QueuePolicyFindings() {}

  /**
   * Adds the findings for a task whose message is being published. They come first if the broker
   * rejects messages now, because that is why the task waits.
   */
  static void addWhilePublishing(List<Finding> findings, Task task, Evidence evidence) {
    Evidence.Queues queues = evidence.queues();
    if (queues == null) {
      return;
    }
    List<Finding> rejecting =
        queues.boundFor(Route.of(task)).stream()
            .limit(MAX_QUEUES)
            .map(queue -> rejects(queue, queues.rejectedAt()))
            .flatMap(Optional::stream)
            .toList();
    Instant rejectedAt = queues.rejectedAt();
    if (rejecting.isEmpty() && rejectedAt != null) {
      findings.add(0, rejected(Route.of(task), rejectedAt));
    }
    findings.addAll(0, rejecting);
  }

  /**
   * Adds the findings for a task whose message is in a queue, or was. They come first if the
   * message is missing, because that is why.
   */
  static void addWhileQueued(List<Finding> findings, Task task, Evidence evidence) {
    Evidence.Queues queues = evidence.queues();
    if (queues == null) {
      return;
    }
    List<Finding> dropping =
        queues.boundFor(Route.of(task)).stream()
            .limit(MAX_QUEUES)
            .map(QueuePolicyFindings::drops)
            .flatMap(Optional::stream)
            .toList();
    boolean missing =
        findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.MESSAGE_MISSING);
    findings.addAll(missing ? 0 : findings.size(), dropping);
  }

  /** Queue statistics are seconds old, so a rejection counts more than they do. */
  private static Optional<Finding> rejects(Census.Queue queue, @Nullable Instant rejectedAt) {
    List<QueueLimit> maxima = maxima(queue);
    QueueLimit overflow = queue.limit(QueueLimit.OVERFLOW).orElse(null);
    if (overflow == null || !overflow.value().startsWith(REJECT) || maxima.isEmpty()) {
      return Optional.empty();
    }
    boolean full =
        queue.limit(QueueLimit.MAX_LENGTH).filter(max -> queue.ready() >= max.number()).isPresent();
    if (!full && rejectedAt == null) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.of(
                Finding.Kind.QUEUE_REJECTS,
                (full || rejectedAt == null
                        ? "Queue " + queue.name() + " is full and rejects further messages: it has "
                        : "The broker rejected a message of this route at "
                            + ExplanationText.at(rejectedAt)
                            + ". Queue "
                            + queue.name()
                            + " rejects messages when it is full: it has ")
                    + ExplanationText.count(queue.ready(), "message", "messages")
                    + " ready, with "
                    + text(maxima)
                    + " and "
                    + overflow
                    + ". The server publishes the task again until the queue accepts it.")
            .with("queue", queue.name())
            .with("ready", queue.ready())
            .with("limits", texts(queue.limits()))
            .with("rejected_at", rejectedAt));
  }

  private static Finding rejected(Route route, Instant at) {
    return Finding.of(
            Finding.Kind.QUEUE_REJECTS,
            "The broker rejected the latest message for "
                + route
                + " at "
                + ExplanationText.at(at)
                + ": one of its queues is full and rejects further messages (overflow "
                + REJECT
                + "), or the broker could not store it. The server publishes the task again.")
        .with("route", route.toString())
        .with("rejected_at", at);
  }

  private static Optional<Finding> drops(Census.Queue queue) {
    List<String> ways = new ArrayList<>();
    List<QueueLimit> maxima = maxima(queue);
    boolean rejects =
        queue.limit(QueueLimit.OVERFLOW).filter(o -> o.value().startsWith(REJECT)).isPresent();
    if (!maxima.isEmpty() && !rejects) {
      ways.add(
          "drops its oldest message for each message beyond "
              + text(maxima)
              + queue.limit(QueueLimit.OVERFLOW).map(o -> " with " + o).orElse(""));
    }
    queue
        .limit(QueueLimit.MESSAGE_TTL)
        .ifPresent(ttl -> ways.add("drops messages that wait for " + duration(ttl) + ": " + ttl));
    queue
        .limit(QueueLimit.EXPIRES)
        .ifPresent(
            expires ->
                ways.add(
                    "is deleted with its messages after "
                        + duration(expires)
                        + " without consumers: "
                        + expires));
    queue
        .limit(QueueLimit.DELIVERY_LIMIT)
        .ifPresent(limit -> ways.add("drops messages that are redelivered beyond " + limit));
    if (ways.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.of(
                Finding.Kind.QUEUE_DROPS,
                "Queue "
                    + queue.name()
                    + " "
                    + String.join(", and ", ways)
                    + ". The server publishes dropped messages again; remove the limit to avoid"
                    + " that.")
            .with("queue", queue.name())
            .with("ready", queue.ready())
            .with("limits", texts(queue.limits())));
  }

  private static List<QueueLimit> maxima(Census.Queue queue) {
    return queue.limits().stream()
        .filter(
            limit ->
                limit.setting().equals(QueueLimit.MAX_LENGTH)
                    || limit.setting().equals(QueueLimit.MAX_LENGTH_BYTES))
        .toList();
  }

  private static String text(List<QueueLimit> limits) {
    return String.join(" and ", texts(limits));
  }

  private static List<String> texts(List<QueueLimit> limits) {
    return limits.stream().map(QueueLimit::toString).toList();
  }

  private static String duration(QueueLimit millis) {
    return ExplanationText.rounded(Duration.ofMillis(millis.number()));
  }
}
