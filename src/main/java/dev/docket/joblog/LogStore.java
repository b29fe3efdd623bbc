package dev.docket.joblog;

import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores logs in chunks. Reads by number return the latest writes; searches say how much they lag.
 * Stages complete on the store's threads. If the store is unreachable, reads and searches fail with
 * {@link dev.docket.store.StoreUnavailable}, and a write completes with {@link
 * WriteOutcome.Unknown}.
 */
public interface LogStore {

  /** Names a chunk without its lines. */
  record ChunkName(LogId log, int number, Instant createdAt) {}

  /** Creates a chunk; {@link WriteOutcome.Conflict} if the log has one of this number. */
  CompletionStage<WriteOutcome> create(LogChunk chunk);

  /** Reads the chunks of these numbers that exist, in order. */
  CompletionStage<List<LogChunk>> find(LogId log, Collection<Integer> numbers);

  /** Reads only the ends of the chunks of these numbers that exist. */
  CompletionStage<Map<Integer, LogEnd>> ends(LogId log, Collection<Integer> numbers);

  /** Removes a chunk; {@link WriteOutcome.Conflict} if it does not exist. */
  CompletionStage<WriteOutcome> remove(LogId log, int number);

  /** Finds the logs of a task, at most the first 1,000 in order of attempts. Refreshes; blocks. */
  List<LogId> ofTask(TaskId task);

  /**
   * Finds the chunks of a task. Blocks; lags by the refresh interval.
   *
   * @param after the last chunk of the previous page; null for the first page
   */
  List<ChunkName> chunks(TaskId task, @Nullable ChunkName after, int limit);

  /**
   * Finds the chunks that were written before a time, the earliest first. Blocks; lags by the
   * refresh interval.
   *
   * @param after the last chunk of the previous page; null for the first page
   */
  List<ChunkName> writtenBefore(Instant time, @Nullable ChunkName after, int limit);
}
