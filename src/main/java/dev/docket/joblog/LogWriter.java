package dev.docket.joblog;

import dev.docket.store.Unstorable;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one log, in order. While one chunk is written, the next one fills. A chunk takes the
 * number after the last one that this server knows; if another server has taken it, the writer
 * continues after that chunk. So all servers agree on the order, and a reader that has read a chunk
 * misses none before it.
 *
 * <p>Several servers can write to a log at the same time. Each knows what the others have written
 * only up to its last write, but a chunk is created only after all chunks before it were read, so
 * the limits of a run are exact.
 */
final class LogWriter {

  private record Pending(NewLines lines, NewLines.Size size, CompletableFuture<Appended> result) {}

  private final LogStore store;
  private final LogId log;
  private final LogLimits limits;
  private final Clock clock;

  /** Guarded by this, as are the fields below. */
  private final Deque<Pending> waiting = new ArrayDeque<>();

  private boolean writing;
  private @Nullable LogEnd end;

  LogWriter(LogStore store, LogId log, LogLimits limits, Clock clock) {
    this.store = store;
    this.log = log;
    this.limits = limits;
    this.clock = clock;
  }

  /** Appends lines. The stage fails with {@link dev.docket.store.StoreUnavailable}. */
  CompletionStage<Appended> append(NewLines lines, NewLines.Size size) {
    Pending pending = new Pending(lines, size, new CompletableFuture<>());
    synchronized (this) {
      waiting.add(pending);
      if (writing) {
        return pending.result();
      }
      writing = true;
    }
    writeNext();
    return pending.result();
  }

  private void writeNext() {
    List<Pending> batch;
    @Nullable LogEnd known;
    synchronized (this) {
      batch = takeBatch();
      if (batch.isEmpty()) {
        writing = false;
        return;
      }
      known = end;
    }
    CompletableFuture.completedStage(known)
        .thenCompose(
            last ->
                last == null
                    ? LastChunk.find(store, log, limits)
                    : CompletableFuture.completedStage(last))
        .thenCompose(last -> write(batch, last))
        .whenComplete((done, failure) -> onWritten(batch, failure));
  }

  /** As many appends as fit into one. */
  private List<Pending> takeBatch() {
    List<Pending> batch = new ArrayList<>();
    int lines = 0;
    long bytes = 0;
    while (!waiting.isEmpty()) {
      lines += waiting.element().size().lines();
      bytes += waiting.element().size().bytes();
      if (!batch.isEmpty() && (lines > limits.appendLines() || bytes > limits.appendBytes())) {
        break;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  private CompletionStage<Void> write(List<Pending> batch, LogEnd last) {
    List<NewLines> appends = batch.stream().map(Pending::lines).toList();
    ChunkDraft draft = ChunkDraft.of(last, appends, limits, clock.instant());
    if (draft.isEmpty()) {
      return CompletableFuture.completedStage(accept(batch, draft, last));
    }
    return store
        .create(new LogChunk(log, draft.lines(), draft.end(), clock.instant()))
        .thenCompose(
            outcome -> {
              outcome.requireKnown();
              if (outcome instanceof WriteOutcome.Rejected rejected) {
                throw new Unstorable("log", rejected.reason());
              }
              return outcome instanceof WriteOutcome.Stored
                  ? CompletableFuture.completedStage(accept(batch, draft, draft.end()))
                  : afterConflict(batch, last.chunks());
            });
  }

  private @Nullable Void accept(List<Pending> batch, ChunkDraft draft, LogEnd reached) {
    synchronized (this) {
      end = reached;
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).result().complete(new Appended(draft.dropped().get(i)));
    }
    return null;
  }

  /** Continues after the chunk that another server, or this one with a lost response, created. */
  private CompletionStage<Void> afterConflict(List<Pending> batch, int number) {
    return store
        .ends(log, List.of(number))
        .thenCompose(
            found -> {
              LogEnd taken = found.get(number);
              // The task's deletion may have removed it meanwhile.
              return taken == null
                  ? LastChunk.find(store, log, limits)
                  : CompletableFuture.completedStage(taken);
            })
        .thenCompose(last -> write(batch, last));
  }

  private void onWritten(List<Pending> batch, @Nullable Throwable failure) {
    if (failure != null) {
      batch.forEach(pending -> pending.result().completeExceptionally(failure));
    }
    writeNext();
  }
}
