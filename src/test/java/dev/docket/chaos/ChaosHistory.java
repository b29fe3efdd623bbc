package dev.docket.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * The history of a chaos test: what the servers accepted from the submitter, the injected faults,
 * and errors of the test itself. Thread-safe.
 */
final class ChaosHistory {

  /** Whether each document must be deleted, by id. */
  private final Map<String, Boolean> documents = new ConcurrentHashMap<>();

  private final Map<String, ExpectedTask> tasks = new ConcurrentHashMap<>();
  private final List<InjectedFault> faults = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

  /** A fault with the time when it was injected and the time when it was repaired. */
  record InjectedFault(Fault fault, String description, Instant from, Instant until) {
    /** Whether a message that was published at this time may have been lost. */
    boolean losesMessagesAt(Instant dispatched) {
      // All programs share one clock. The margin is for messages in transit.
      return fault.losesMessages() && dispatched.minus(MARGIN).isBefore(until);
    }
  }

  private static final Duration MARGIN = Duration.ofSeconds(2);

  void document(String id) {
    documents.put(id, false);
  }

  /** Notes that the document and all of its tasks are deleted. */
  void documentDeleted(String id) {
    documents.put(id, true);
    tasks.replaceAll(
        (task, expected) -> expected.document().equals(id) ? expected.asDeleted() : expected);
  }

  void task(ExpectedTask expected) {
    tasks.put(expected.id(), expected);
  }

  void update(String task, java.util.function.UnaryOperator<ExpectedTask> change) {
    tasks.computeIfPresent(task, (id, expected) -> change.apply(expected));
  }

  void fault(Fault fault, String description, Instant from, Instant until) {
    faults.add(new InjectedFault(fault, description, from, until));
  }

  /** Notes an error that no fault explains; it counts as a violation. */
  void error(String description) {
    errors.add(description);
  }

  void count(String request) {
    requests.computeIfAbsent(request, name -> new LongAdder()).increment();
  }

  Map<String, Boolean> documents() {
    return Map.copyOf(documents);
  }

  Map<String, ExpectedTask> tasks() {
    return Map.copyOf(tasks);
  }

  int taskCount() {
    return tasks.size();
  }

  List<InjectedFault> faults() {
    return new ArrayList<>(faults);
  }

  List<String> errors() {
    return new ArrayList<>(errors);
  }

  Map<String, LongAdder> requests() {
    return requests;
  }
}
