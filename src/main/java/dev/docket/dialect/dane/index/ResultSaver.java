package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.Caller;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.result.Payloads;
import dev.docket.result.ResultSubmissions;
import dev.docket.result.SavedResults;
import dev.docket.result.SavedResults.NotedResult;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Saves the results that DANE's workers submit before their run ends. Blocks. Memory holds at most
 * 256 KiB of a body.
 */
final class ResultSaver {

  /** Payloads that are nested more deeply are stored outside their record, whatever their size. */
  private static final int MAX_RECORD_DEPTH = 100;

  private final SavedResults saved;
  private final TaskService tasks;
  private final Payloads payloads;
  private final ObjectMapper mapper;
  private final Path directory;
  private final StoreWait wait;

  /**
   * @param directory for the temporary files of large bodies
   */
  ResultSaver(
      SavedResults saved,
      TaskService tasks,
      Payloads payloads,
      ObjectMapper mapper,
      Path directory,
      StoreWait wait) {
    this.saved = saved;
    this.tasks = tasks;
    this.payloads = payloads;
    this.mapper = mapper;
    this.directory = directory;
    this.wait = wait;
  }

  /**
   * Saves a result and returns its id. The same body has the same id in the same run.
   *
   * @throws TaskNotFound if there is no such task
   * @throws Problem if its run ended meanwhile
   * @throws dev.docket.task.IllegalTransition if the task does not run
   */
  String save(InputStream body, Caller worker) {
    long maxBytes = payloads.maxBytes() + IndexedResult.MAX_OTHER_BYTES;
    try (SpooledBody spooled = SpooledBody.read(body, maxBytes, directory)) {
      IndexedResult result = IndexedResult.read(spooled, payloads.maxBytes(), mapper);
      return wait.call(() -> save(result, spooled, worker)).value();
    }
  }

  private ResultId save(IndexedResult result, SpooledBody body, Caller worker) {
    if (worker.taskKeys() != null) {
      Task task = Stages.join(tasks.get(result.task()));
      TaskKeyForbidden.check(worker, task.key().value());
    }
    long bytes = result.payload().bytes();
    if (bytes <= ResultSubmissions.MAX_RECORD_BYTES
        && result.payload().depth() <= MAX_RECORD_DEPTH) {
      ResultDraft draft = new ResultDraft(result.readPayload(body, mapper), result.generator());
      return Stages.join(saved.store(Stages.join(saved.note(result.task(), body.sha256())), draft));
    }
    NotedResult noted = Stages.join(saved.note(result.task(), body.sha256()));
    try (InputStream payload = body.open(result.payload().from(), result.payload().to())) {
      payloads.receive(noted.id(), noted.owner(), 0, payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stages.join(saved.store(noted, ResultDraft.stored(bytes, result.generator())));
  }
}
