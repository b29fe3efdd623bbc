package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.Document;
import dev.docket.document.DocumentStore;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.result.MemoryPayloadStore;
import dev.docket.result.MemoryResultStore;
import dev.docket.result.PayloadStore;
import dev.docket.result.Payloads;
import dev.docket.result.Result;
import dev.docket.result.ResultStore;
import dev.docket.simulation.CrashingProxy;
import dev.docket.store.Versioned;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.DecisionContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Imports sample data into stores in memory. */
final class MemoryImport {

  static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
  static final int MAX_PAYLOAD_BYTES = 1024 * 1024;

  private static final Policy POLICY =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          30,
          null,
          Duration.ofDays(7),
          10);

  final MemoryDocumentStore documents = new MemoryDocumentStore();
  final MemoryTaskStore tasks = new MemoryTaskStore();
  final MemoryResultStore results = new MemoryResultStore();
  final MemoryPayloadStore parts = new MemoryPayloadStore();

  static final Policies POLICIES =
      new Policies() {
        @Override
        public Policy of(TaskKey key) {
          return POLICY;
        }

        @Override
        public Policy of(Task task) {
          return POLICY;
        }
      };

  ImportReport run(DaneRecords dane) {
    return run(dane, CrashingProxy.PASS_THROUGH);
  }

  ImportReport run(DaneRecords dane, CrashingProxy proxy) {
    return run(dane, proxy, NOW);
  }

  ImportReport run(DaneRecords dane, CrashingProxy proxy, Instant now) {
    Payloads payloads =
        new Payloads(
            proxy.wrap(PayloadStore.class, parts),
            new ObjectMapper(),
            Clock.fixed(NOW, ZoneOffset.UTC),
            MAX_PAYLOAD_BYTES);
    ImportStores stores =
        new ImportStores(
            proxy.wrap(DocumentStore.class, documents),
            proxy.wrap(TaskStore.class, tasks),
            proxy.wrap(ResultStore.class, results),
            payloads);
    return new DaneImport(
            dane,
            stores,
            POLICIES,
            ZoneOffset.UTC,
            () -> new DecisionContext(now, "0123456789abcdef0123456789abcdef", 0.5),
            line -> {},
            new RecordWriter(Duration.ofMillis(1)))
        .run();
  }

  Map<String, Task> tasksById() {
    return byId(tasks.all(), task -> task.id().value());
  }

  Map<String, Document> documentsById() {
    return byId(documents.all(), document -> document.id().value());
  }

  Map<String, Result> resultsById() {
    return byId(results.all(), result -> result.id().value());
  }

  Task task(String id) {
    return tasks.find(new TaskId(id)).toCompletableFuture().join().orElseThrow().value();
  }

  private static <T> Map<String, T> byId(List<Versioned<T>> records, Function<T, String> idOf) {
    return records.stream()
        .map(Versioned::value)
        .collect(Collectors.toMap(idOf, record -> record, (one, other) -> one, TreeMap::new));
  }
}
