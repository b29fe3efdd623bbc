package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentService;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.document.NewDocument;
import dev.docket.http.Problem;
import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.store.WriteOutcome;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.TaskScenario;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Repeated submissions with an idempotency key, and submissions for many documents. */
final class SubmissionsTest {

  private static final Caller ANN = caller("ann");

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final DocumentService documents =
      new DocumentService(
          new MemoryDocumentStore(), Clock.systemUTC(), () -> UUID.randomUUID().toString());
  private static final int MAX_NEW_KEYS = 10;

  private final Set<TaskKey> keysWithTasks = ConcurrentHashMap.newKeySet();
  private final KnownKeys keys =
      new KnownKeys(
          key -> key.value().equals("CONFIGURED"),
          searched -> searched.stream().filter(keysWithTasks::contains).collect(Collectors.toSet()),
          Runnable::run);
  private final Submissions submissions = server();

  /** Another server on the same stores. */
  private Submissions server() {
    return server(store);
  }

  private Submissions server(TaskStore taskStore) {
    TaskServiceFixture policies = new TaskServiceFixture();
    TaskService tasks =
        new TaskService(
            taskStore,
            policies,
            SubmissionsTest::context,
            new NoOutbox(),
            CurrentDocuments.NEVER_CHANGED,
            List.of());
    return new Submissions(
        documents,
        taskStore,
        tasks,
        policies,
        new NewKeys(keys, MAX_NEW_KEYS),
        ArgumentCheck.NONE,
        Set.of("docket"),
        SubmissionsTest::context);
  }

  private static DecisionContext context() {
    return TaskSamples.context(TaskScenario.START);
  }

  private DocumentId document() {
    Document sample = DocumentSamples.document();
    return documents
        .register(new NewDocument(sample.target(), sample.creator(), Map.of()), Caller.ANONYMOUS)
        .toCompletableFuture()
        .join()
        .id();
  }

  private static NewTask request(
      String key, Map<String, Object> args, boolean repeatable, DocumentId... documents) {
    return request(key, args, null, repeatable, documents);
  }

  private static NewTask request(
      String key,
      Map<String, Object> args,
      List<NewTask.NeededTask> dependsOn,
      Boolean repeatable,
      DocumentId... documents) {
    return new NewTask(
        new NewTask.DocumentIds(documents.length > 1, List.of(documents)),
        new TaskKey(key),
        args,
        null,
        null,
        "docket",
        null,
        null,
        null,
        null,
        dependsOn,
        null,
        null,
        repeatable);
  }

  private static Optional<IdempotencyKey> key(String caller, String key) {
    return IdempotencyKey.read(caller, List.of(key));
  }

  private static Task submit(Submissions submissions, NewTask request, String caller, String key) {
    return submissions
        .submit(request, caller(caller), key(caller, key))
        .get(0)
        .toCompletableFuture()
        .join();
  }

  private Task submit(NewTask request, String caller, String key) {
    return submit(submissions, request, caller, key);
  }

  @Test
  void repeatedRequestReturnsExistingTaskOnAnyServer() {
    NewTask request = request("ASR", Map.of("language", "nl", "n", 1), false, document());
    Task created = submit(request, "ann", "k1");

    assertThat(submit(request, "ann", "k1")).isEqualTo(created);
    assertThat(submit(server(), request, "ann", "k1").run().token())
        .isEqualTo(created.run().token());
  }

  @Test
  void rejectsExistingTaskForOtherKeyOrCaller() {
    NewTask request = request("ASR", Map.of(), false, document());
    submit(request, "ann", "k1");

    assertThatThrownBy(() -> submit(request, "ann", "k2")).hasCauseInstanceOf(TaskExists.class);
    assertThatThrownBy(() -> submit(request, "bob", "k1")).hasCauseInstanceOf(TaskExists.class);
    assertThatThrownBy(() -> submissions.submit(request, ANN).get(0).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(TaskExists.class);
  }

  @Test
  void rejectsReusedKeyWithOtherBody() {
    DocumentId document = document();
    submit(request("ASR", Map.of("language", "nl"), false, document), "ann", "k1");

    assertThatThrownBy(
            () -> submit(request("ASR", Map.of("language", "en"), false, document), "ann", "k1"))
        .hasCauseInstanceOf(Problem.class)
        .hasMessageContaining("different body");
  }

  @Test
  void derivesIdOfRepeatableTaskFromKeyAndCaller() {
    DocumentId document = document();
    NewTask request = request("ASR", Map.of(), true, document);
    Task created = submit(request, "ann", "k1");

    assertThat(submit(request, "ann", "k1").id()).isEqualTo(created.id());
    assertThat(submit(request, "ann", "k2").id()).isNotEqualTo(created.id());
    assertThat(submit(request, "bob", "k1").id()).isNotEqualTo(created.id());
    assertThatThrownBy(() -> submit(request("OCR", Map.of(), true, document), "ann", "k1"))
        .hasCauseInstanceOf(Problem.class)
        .hasMessageContaining("different body");
  }

  @Test
  void derivesOneIdForEachDocument() {
    NewTask request = request("ASR", Map.of(), true, document(), document());
    List<TaskId> ids = ids(request);

    assertThat(ids).hasSize(2).doesNotHaveDuplicates();
    assertThat(ids(request)).isEqualTo(ids);
  }

  private List<TaskId> ids(NewTask request) {
    return submissions.submit(request, ANN, key("ann", "k1")).stream()
        .map(created -> created.toCompletableFuture().join().id())
        .toList();
  }

  @Test
  void concurrentRequestsCreateOneTask() {
    NewTask request = request("ASR", Map.of(), false, document());
    List<CompletableFuture<Task>> all =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> submit(server(), request, "ann", "k1")))
            .limit(8)
            .toList();

    assertThat(all.stream().map(CompletableFuture::join).map(task -> task.run().token()).distinct())
        .hasSize(1);
  }

  @Test
  void repeatedRequestSucceedsAfterDependencyWasRemoved() {
    DocumentId document = document();
    Task needed = submit(request("FIXITY", Map.of(), false, document), "ann", "k0");
    NewTask request =
        request(
            "ASR", null, List.of(NewTask.NeededTask.of(null, null, needed.id())), null, document);
    Task created = submit(request, "ann", "k1");
    store.remove(
        needed.id(), store.find(needed.id()).toCompletableFuture().join().orElseThrow().version());

    assertThat(submit(request, "ann", "k1").id()).isEqualTo(created.id());
  }

  private static NewTask dependent(String key, DocumentId document, String... needs) {
    return request(
        key,
        null,
        Stream.of(needs).map(need -> NewTask.NeededTask.of(new TaskKey(need), null, null)).toList(),
        null,
        document);
  }

  @Test
  void rejectsCycleAndNamesItsTasksInOrder() {
    DocumentId document = document();
    submit(dependent("OCR", document, "FIXITY", "FORMAT"), "ann", "k1");
    submit(dependent("FORMAT", document, "ASR", "SCAN"), "ann", "k2");

    assertThatThrownBy(() -> submit(dependent("ASR", document, "OCR", "INDEX"), "ann", "k3"))
        .hasRootCauseMessage(
            "/depends_on: dependency cycle: "
                + Stream.of("ASR", "OCR", "FORMAT", "ASR")
                    .map(key -> TaskId.of(document, new TaskKey(key)).value())
                    .collect(Collectors.joining(" -> ")));
    assertThatThrownBy(() -> submit(dependent("SELF", document, "SELF"), "ann", "k4"))
        .hasMessageContaining("dependency cycle: ");
  }

  @Test
  void limitsConcurrentWritesOfOneRequest() {
    Deque<Runnable> writes = new ArrayDeque<>();
    TaskStore deferring =
        (TaskStore)
            Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("create")
                        ? deferredCreate(writes, (Task) arguments[0])
                        : method.invoke(store, arguments));
    DocumentId[] all = Stream.generate(this::document).limit(1_300).toArray(DocumentId[]::new);

    List<CompletionStage<Task>> submitted =
        server(deferring).submit(request("ASR", Map.of(), false, all), ANN);

    assertThat(writes).hasSize(500);
    for (int i = 0; i < 10; i++) {
      writes.remove().run();
    }
    assertThat(writes).as("started as others end").hasSize(500);
    while (!writes.isEmpty()) {
      writes.remove().run();
    }
    assertThat(submitted).allMatch(created -> created.toCompletableFuture().isDone());
    assertThat(store.all()).hasSize(all.length);
  }

  private CompletionStage<WriteOutcome> deferredCreate(Deque<Runnable> writes, Task task) {
    CompletableFuture<WriteOutcome> outcome = new CompletableFuture<>();
    writes.add(() -> outcome.complete(store.create(task).toCompletableFuture().join()));
    return outcome;
  }

  @Test
  void continuesAfterFailedDocuments() {
    DocumentId[] all = Stream.generate(this::document).limit(1_100).toArray(DocumentId[]::new);
    for (int i = 0; i < 500; i++) {
      documents.delete(all[i]).toCompletableFuture().join();
    }

    List<CompletionStage<Task>> submitted =
        submissions.submit(request("ASR", Map.of(), false, all), ANN);

    assertThat(submitted.subList(0, 500))
        .allMatch(created -> created.toCompletableFuture().isCompletedExceptionally());
    assertThat(store.all()).hasSize(600);
  }

  private static Caller caller(String name) {
    return new Caller(name, Set.of(Roles.ARCHIVIST));
  }
}
