package dev.docket.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.DocumentSamples;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.OnePolicy;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** One task with in-memory stores. Effects on results are performed at once. */
final class ResultScenario {

  final Clock clock = Clock.fixed(DocumentSamples.CREATED, ZoneOffset.UTC);
  final MemoryResultStore results = new MemoryResultStore();
  final MemoryPayloadStore parts = new MemoryPayloadStore();
  final Payloads payloads = new Payloads(parts, new ObjectMapper(), clock, 2 << 20);
  final TaskService tasks;
  private Task task;

  ResultScenario(Policy policy) {
    ResultOutbox outbox = new ResultOutbox();
    tasks =
        new TaskService(
            new MemoryTaskStore(),
            new OnePolicy(policy),
            () -> TaskSamples.context(DocumentSamples.CREATED),
            outbox,
            CurrentDocuments.NEVER_CHANGED,
            List.of());
    outbox.connect(new ResultEffects(results, payloads, clock), tasks);
    task = join(tasks.create(TaskSamples.task("ASR")));
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** The task as it is stored now. */
  Task task() {
    task = join(tasks.get(task.id()));
    return task;
  }

  void execute(Command command) {
    join(tasks.execute(task.id(), command));
  }

  void claim(String claimId) {
    Task now = task();
    execute(Command.Claim.byWorker(new Reporter(now.run().ref(), claimId, "w"), null));
  }

  Command.Complete complete(String claimId, ResultDraft... drafts) {
    Task now = task();
    return new Command.Complete(
        new Reporter(now.run().ref(), claimId, "w"), RunEnd.of(null), List.of(drafts), null);
  }

  /** A draft whose payload has this size as JSON. */
  static ResultDraft draft(int bytes) {
    return new ResultDraft(TextNode.valueOf("x".repeat(bytes - 2)), Map.of("name", "ASR"));
  }

  static ResultDraft[] drafts(int count, int bytes) {
    return IntStream.range(0, count).mapToObj(i -> draft(bytes)).toArray(ResultDraft[]::new);
  }

  /** The results that readers see. */
  List<Result> shown() {
    return join(new ResultService(results, payloads, tasks).ofTasks(List.of(task())));
  }
}
