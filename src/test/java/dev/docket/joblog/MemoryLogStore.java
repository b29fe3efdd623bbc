package dev.docket.joblog;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** An in-memory store of logs for tests. Returns completed stages. */
public final class MemoryLogStore implements LogStore {

  private record Key(LogId log, int number) {}

  private static final Comparator<ChunkName> BY_RUN =
      Comparator.<ChunkName, String>comparing(chunk -> chunk.log().run().token())
          .thenComparing(ChunkName::number);
  private static final Comparator<ChunkName> BY_TIME =
      Comparator.comparing(ChunkName::createdAt).thenComparing(BY_RUN);

  private final Map<Key, LogChunk> chunks =
      new ConcurrentSkipListMap<>(
          Comparator.<Key, String>comparing(key -> key.log().task().value())
              .thenComparing(key -> key.log().run().attempt())
              .thenComparing(key -> key.log().run().token())
              .thenComparing(Key::number));
  private volatile boolean down;
  private volatile boolean losesResponses;
  private volatile int removals = Integer.MAX_VALUE;

  /** Sets whether the store is unreachable. */
  public void down(boolean isDown) {
    down = isDown;
  }

  /** Sets whether the store writes and its response is lost. */
  public void loseResponses(boolean loses) {
    losesResponses = loses;
  }

  /** Sets how many more chunks can be removed before the store is unreachable. */
  public void failAfterRemovals(int count) {
    removals = count;
  }

  /** All chunks, by task, run and number. */
  public List<LogChunk> all() {
    return List.copyOf(chunks.values());
  }

  @Override
  public CompletionStage<WriteOutcome> create(LogChunk chunk) {
    if (down) {
      return CompletableFuture.completedStage(new WriteOutcome.Unknown("not now"));
    }
    boolean created = chunks.putIfAbsent(new Key(chunk.log(), chunk.number()), chunk) == null;
    return CompletableFuture.completedStage(
        losesResponses
            ? new WriteOutcome.Unknown("lost")
            : created ? new WriteOutcome.Stored(new Version(0, 1)) : new WriteOutcome.Conflict());
  }

  @Override
  public CompletionStage<List<LogChunk>> find(LogId log, Collection<Integer> numbers) {
    return down
        ? CompletableFuture.failedStage(new StoreUnavailable("not now"))
        : CompletableFuture.completedStage(
            numbers.stream()
                .sorted()
                .flatMap(number -> Stream.ofNullable(chunks.get(new Key(log, number))))
                .toList());
  }

  @Override
  public CompletionStage<Map<Integer, LogEnd>> ends(LogId log, Collection<Integer> numbers) {
    return find(log, numbers)
        .thenApply(
            found -> {
              Map<Integer, LogEnd> ends = new LinkedHashMap<>();
              found.forEach(chunk -> ends.put(chunk.number(), chunk.end()));
              return ends;
            });
  }

  @Override
  public synchronized CompletionStage<WriteOutcome> remove(LogId log, int number) {
    if (removals == 0) {
      return CompletableFuture.completedStage(new WriteOutcome.Unknown("not now"));
    }
    removals--;
    return CompletableFuture.completedStage(
        chunks.remove(new Key(log, number)) == null
            ? new WriteOutcome.Conflict()
            : new WriteOutcome.Stored(new Version(0, 1)));
  }

  @Override
  public List<LogId> ofTask(TaskId task) {
    return chunks.keySet().stream()
        .filter(key -> key.log().task().equals(task) && key.number() == 0)
        .map(Key::log)
        .toList();
  }

  @Override
  public List<ChunkName> chunks(TaskId task, ChunkName after, int limit) {
    return page(chunk -> chunk.log().task().equals(task), BY_RUN, after, limit);
  }

  @Override
  public List<ChunkName> writtenBefore(Instant time, ChunkName after, int limit) {
    return page(chunk -> chunk.createdAt().isBefore(time), BY_TIME, after, limit);
  }

  private List<ChunkName> page(
      Predicate<ChunkName> matching, Comparator<ChunkName> order, ChunkName after, int limit) {
    return chunks.values().stream()
        .map(chunk -> new ChunkName(chunk.log(), chunk.number(), chunk.createdAt()))
        .filter(matching)
        .sorted(order)
        .filter(chunk -> after == null || order.compare(chunk, after) > 0)
        .limit(limit)
        .toList();
  }
}
