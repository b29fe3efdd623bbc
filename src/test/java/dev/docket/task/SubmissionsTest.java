package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentService;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.document.NewDocument;
import dev.docket.http.idempotency.IdempotencyKey;
import dev.docket.http.idempotency.IdempotencyKeyReused;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the same submission makes when it comes again under its key. */
final class SubmissionsTest {

  private final MemoryTaskStore store = new MemoryTaskStore();
  private final DocumentService documents =
      new DocumentService(
          new MemoryDocumentStore(), Clock.systemUTC(), () -> UUID.randomUUID().toString());
  private final Submissions submissions = server();

  /** One of several servers at the same stores. */
  private Submissions server() {
    return server(store);
  }

  private Submissions server(TaskStore at) {
    TaskServiceFixture policies = new TaskServiceFixture();
    TaskService tasks =
        new TaskService(at, policies, SubmissionsTest::context, (task, effects) -> {});
    return new Submissions(
        documents, at, tasks, policies, Set.of("docket"), SubmissionsTest::context);
  }

  private static DecisionContext context() {
    return TaskSamples.context(TaskScenario.START);
  }

  private DocumentId document() {
    Document sample = DocumentSamples.document();
    return documents
        .register(new NewDocument(sample.target(), sample.creator(), Map.of()))
        .toCompletableFuture()
        .join()
        .id();
  }

  private static NewTask asked(
      String key, Map<String, Object> args, boolean again, DocumentId... on) {
    return new NewTask(
        new NewTask.DocumentIds(on.length > 1, List.of(on)),
        new TaskKey(key),
        args,
        null,
        null,
        "docket",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        again);
  }

  private static Optional<IdempotencyKey> key(String caller, String key) {
    return IdempotencyKey.read(caller, List.of(key));
  }

  private static Task first(Submissions at, NewTask asked, String caller, String key) {
    return at.submit(asked, caller, key(caller, key)).get(0).toCompletableFuture().join();
  }

  private Task first(NewTask asked, String caller, String key) {
    return first(submissions, asked, caller, key);
  }

  @Test
  void theSameAgainGivesTheTaskThatIsThereInAnyServer() {
    NewTask asked = asked("ASR", Map.of("language", "nl", "n", 1), false, document());
    Task made = first(asked, "ann", "k1");

    assertThat(first(asked, "ann", "k1")).isEqualTo(made);
    assertThat(first(server(), asked, "ann", "k1").run()).isEqualTo(made.run());
  }

  @Test
  void underAnotherKeyOfAnotherCallerOrNoneItExists() {
    NewTask asked = asked("ASR", Map.of(), false, document());
    first(asked, "ann", "k1");

    assertThatThrownBy(() -> first(asked, "ann", "k2")).hasCauseInstanceOf(TaskExists.class);
    assertThatThrownBy(() -> first(asked, "bob", "k1")).hasCauseInstanceOf(TaskExists.class);
    assertThatThrownBy(() -> submissions.submit(asked, "ann").get(0).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(TaskExists.class);
  }

  @Test
  void theKeyWithAnotherBodyIsRefused() {
    DocumentId document = document();
    first(asked("ASR", Map.of("language", "nl"), false, document), "ann", "k1");

    assertThatThrownBy(
            () -> first(asked("ASR", Map.of("language", "en"), false, document), "ann", "k1"))
        .hasCauseInstanceOf(IdempotencyKeyReused.class);
  }

  @Test
  void repeatableTasksFollowFromKeyAndCaller() {
    DocumentId document = document();
    NewTask asked = asked("ASR", Map.of(), true, document);
    Task made = first(asked, "ann", "k1");

    assertThat(first(asked, "ann", "k1").id()).isEqualTo(made.id());
    assertThat(first(asked, "ann", "k2").id()).isNotEqualTo(made.id());
    assertThat(first(asked, "bob", "k1").id()).isNotEqualTo(made.id());
    assertThatThrownBy(() -> first(asked("OCR", Map.of(), true, document), "ann", "k1"))
        .hasCauseInstanceOf(IdempotencyKeyReused.class);
  }

  @Test
  void eachDocumentOfASubmissionHasItsOwnPlace() {
    NewTask asked = asked("ASR", Map.of(), true, document(), document());
    List<TaskId> once = ids(asked);

    assertThat(once).hasSize(2).doesNotHaveDuplicates();
    assertThat(ids(asked)).isEqualTo(once);
  }

  private List<TaskId> ids(NewTask asked) {
    return submissions.submit(asked, "ann", key("ann", "k1")).stream()
        .map(made -> made.toCompletableFuture().join().id())
        .toList();
  }

  @Test
  void severalAtOnceMakeOneTask() {
    NewTask asked = asked("ASR", Map.of(), false, document());
    List<CompletableFuture<Task>> all =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> first(server(), asked, "ann", "k1")))
            .limit(8)
            .toList();

    assertThat(all.stream().map(CompletableFuture::join).map(Task::run).distinct()).hasSize(1);
  }

  @Test
  void whatItDependedOnMayBeGoneByNow() {
    DocumentId document = document();
    Task needed = first(asked("FIXITY", Map.of(), false, document), "ann", "k0");
    NewTask plain = asked("ASR", Map.of(), false, document);
    NewTask asked =
        new NewTask(
            plain.documentId(),
            plain.key(),
            null,
            null,
            null,
            "docket",
            null,
            null,
            null,
            null,
            List.of(NewTask.Needed.of(null, null, needed.id())),
            null,
            null,
            null);
    Task made = first(asked, "ann", "k1");
    store.remove(
        needed.id(), store.find(needed.id()).toCompletableFuture().join().orElseThrow().version());

    assertThat(first(asked, "ann", "k1").id()).isEqualTo(made.id());
  }

  @Test
  void aCallForManyDocumentsHasFiveHundredUnderWay() {
    Deque<Runnable> writes = new ArrayDeque<>();
    TaskStore slow =
        (TaskStore)
            Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("create")
                        ? later(writes, (Task) arguments[0])
                        : method.invoke(store, arguments));
    DocumentId[] all = Stream.generate(this::document).limit(1_300).toArray(DocumentId[]::new);

    List<CompletionStage<Task>> submitted =
        server(slow).submit(asked("ASR", Map.of(), false, all), "ann");

    assertThat(writes).hasSize(500);
    for (int i = 0; i < 10; i++) {
      writes.remove().run();
    }
    assertThat(writes).as("as they end, others begin").hasSize(500);
    while (!writes.isEmpty()) {
      writes.remove().run();
    }
    assertThat(submitted).allMatch(made -> made.toCompletableFuture().isDone());
    assertThat(store.all()).hasSize(all.length);
  }

  private CompletionStage<WriteOutcome> later(Deque<Runnable> writes, Task task) {
    CompletableFuture<WriteOutcome> saved = new CompletableFuture<>();
    writes.add(() -> saved.complete(store.create(task).toCompletableFuture().join()));
    return saved;
  }

  @Test
  void oneThatFailsLetsTheNextBegin() {
    DocumentId[] all = Stream.generate(this::document).limit(1_100).toArray(DocumentId[]::new);
    for (int i = 0; i < 500; i++) {
      documents.delete(all[i]).toCompletableFuture().join();
    }

    List<CompletionStage<Task>> submitted =
        submissions.submit(asked("ASR", Map.of(), false, all), "ann");

    assertThat(submitted.subList(0, 500))
        .allMatch(made -> made.toCompletableFuture().isCompletedExceptionally());
    assertThat(store.all()).hasSize(600);
  }
}
