package dev.docket.explain;

import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.Transition;
import dev.docket.task.machine.PendingEffect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Of a task that the broker does not have yet (201, 205): it waits for its time, or is sent. */
final class PublishFindings {

  /** A message that is not confirmed within this has met some trouble. */
  private static final Duration EXPECTED_DELAY = Duration.ofSeconds(5);

  private PublishFindings() {}

  static List<Finding> of(Task task, Evidence evidence, Instant now) {
    List<Finding> findings = new ArrayList<>();
    Instant due = task.dueAt();
    if (due != null && due.isAfter(now)) {
      findings.add(later(task, due, evidence.policy(), now));
      broker(evidence).ifPresent(findings::add);
    } else {
      broker(evidence).ifPresent(findings::add);
      findings.add(onItsWay(task, now));
    }
    return findings;
  }

  /** That the broker cannot be used now, if that is so. */
  static Optional<Finding> broker(Evidence evidence) {
    return Optional.ofNullable(evidence.broker())
        .map(
            why ->
                Finding.of(
                        Finding.Kind.BROKER_UNREACHABLE,
                        "The broker cannot be used now ("
                            + why
                            + "): nothing is sent until it is back, and then all of it.")
                    .with("reason", why));
  }

  private static Finding later(Task task, Instant due, @Nullable Policy policy, Instant now) {
    String when =
        ExplanationText.at(due) + ", in " + ExplanationText.about(Duration.between(now, due));
    Transition last = ExplanationText.lastMove(task);
    String by = last.by().split(" ", 2)[0];
    boolean failed = List.of("fail", "lease_lost", "timed_out").contains(by);
    if (failed && task.failures() > 0) {
      String allowed = policy == null ? "" : " of " + policy.maxAttempts(task);
      return Finding.of(
              Finding.Kind.RETRY,
              "It runs again at "
                  + when
                  + ", after failure "
                  + task.failures()
                  + allowed
                  + ExplanationText.said(failure(task))
                  + ".")
          .with("due_at", due)
          .with("failures", task.failures())
          .with("max_attempts", policy == null ? null : policy.maxAttempts(task))
          .with("last_failure", failure(task))
          .with("failed_at", last.at())
          .with("by", last.by());
    }
    if (List.of("give_back", "cancel_confirmed", "lease_lost").contains(by)) {
      return Finding.of(
              Finding.Kind.GIVEN_BACK,
              "Its worker did not do it"
                  + ExplanationText.said(task.message())
                  + "; that is no failure, and it goes out again at "
                  + when
                  + ".")
          .with("due_at", due)
          .with("given_back_at", last.at())
          .with("by", last.by());
    }
    return Finding.of(Finding.Kind.NOT_BEFORE, "It is not to be sent before " + when + ".")
        .with("due_at", due);
  }

  /** What went wrong, without the count and the time that the message of a retry ends with. */
  private static String failure(Task task) {
    int end = task.message().lastIndexOf(" (failure " + task.failures() + " of ");
    return end < 0 ? task.message() : task.message().substring(0, end);
  }

  /** Also of one that the broker has, or had, and is sent again. */
  static Finding onItsWay(Task task, Instant now) {
    PendingEffect publish = OutboxFindings.publish(task).orElse(null);
    Instant since = since(task, publish);
    String text = "It is on its way to the broker since " + ExplanationText.at(since);
    Instant due = publish == null ? null : publish.due();
    if (due == null) {
      text += ".";
    } else if (!due.isAfter(now)) {
      text += ", which should have taken a second; it is overdue, and a sweep sends it.";
    } else if (since.plus(EXPECTED_DELAY).isBefore(now)) {
      text +=
          ", which should have taken a second; if nobody has done it by "
              + ExplanationText.at(due)
              + ", a sweep sends it.";
    } else {
      text += ".";
    }
    return Finding.of(Finding.Kind.ON_ITS_WAY, text)
        .with("since", since)
        .with("effect", publish == null ? null : "publish")
        .with("due", due);
  }

  /** A delayed one has been sent by nobody yet: its time has come. */
  private static Instant since(Task task, @Nullable PendingEffect publish) {
    if (task.dispatchedAt() != null) {
      return task.dispatchedAt();
    }
    return publish == null ? task.updatedAt() : publish.due();
  }
}
