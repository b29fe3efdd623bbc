package dev.docket.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What was promised to the submitter, and what was broken meanwhile. For many threads. */
final class AcceptedWork {

  /** A document; the second says whether it is to be gone. */
  private final Map<String, Boolean> documents = new ConcurrentHashMap<>();

  private final Map<String, Promise> tasks = new ConcurrentHashMap<>();
  private final List<Happened> faults = new CopyOnWriteArrayList<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

  /** A fault with its times. */
  record Happened(Fault fault, String what, Instant from, Instant until) {
    /** Messages that were sent in this time may be lost. */
    boolean losesMessagesAt(Instant dispatched) {
      // The clocks are the same one; the margin is for messages on their way.
      return fault.losesMessages() && dispatched.minus(MARGIN).isBefore(until);
    }
  }

  private static final Duration MARGIN = Duration.ofSeconds(2);

  void document(String id) {
    documents.put(id, false);
  }

  /** The document goes, and all of its tasks. */
  void documentDeleted(String id) {
    documents.put(id, true);
    tasks.replaceAll((task, promise) -> promise.document().equals(id) ? promise.gone() : promise);
  }

  void task(Promise promise) {
    tasks.put(promise.id(), promise);
  }

  void change(String task, java.util.function.UnaryOperator<Promise> change) {
    tasks.computeIfPresent(task, (id, promise) -> change.apply(promise));
  }

  void happened(Fault fault, String what, Instant from, Instant until) {
    faults.add(new Happened(fault, what, from, until));
  }

  /** Something that must not be, whatever is broken. */
  void healthError(String what) {
    troubles.add(what);
  }

  void count(String request) {
    requests.computeIfAbsent(request, name -> new LongAdder()).increment();
  }

  Map<String, Boolean> documents() {
    return Map.copyOf(documents);
  }

  Map<String, Promise> tasks() {
    return Map.copyOf(tasks);
  }

  int taskCount() {
    return tasks.size();
  }

  List<Happened> faults() {
    return new ArrayList<>(faults);
  }

  List<String> troubles() {
    return new ArrayList<>(troubles);
  }

  Map<String, LongAdder> requests() {
    return requests;
  }
}
