package dev.docket.result;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Sample results for tests, each of its own new task. */
public final class ResultSamples {

  private ResultSamples() {}

  /** A result that contains its payload. */
  public static Result small(JsonNode payload) {
    return of(TaskSamples.task("ASR"), new ResultDraft(payload, Map.of("id", "g")));
  }

  /** A result whose payload is in the payload store. */
  public static Result stored(Payloads payloads, String json) {
    Task task = TaskSamples.task("ASR");
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Result result = of(task, ResultDraft.stored(bytes.length, Map.of("id", "g")));
    payloads
        .store(result.id(), new PayloadPart.Owner(task.id(), 1, task.run().token(), "c1"), bytes)
        .toCompletableFuture()
        .join();
    return result;
  }

  private static Result of(Task task, ResultDraft draft) {
    ResultRun run = new ResultRun(1, task.run().token(), "c1", 1, List.of());
    ResultId id = run.resultIds(task.id()).get(0);
    return Result.of(task, run, id, draft, task.createdAt());
  }

  /** A JSON text of this size in bytes. */
  public static String json(int bytes) {
    return '"' + "x".repeat(bytes - 2) + '"';
  }
}
