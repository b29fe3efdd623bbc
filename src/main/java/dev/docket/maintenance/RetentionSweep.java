package dev.docket.maintenance;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is older than it is to be kept: tasks that ended long ago, with their results, and
 * old documents that have no task left. A few pages for each look, so that the work of today does
 * not wait for it. Nothing has to be remembered: what a server that dies leaves half done is in the
 * records, and its successor begins with the oldest again.
 *
 * <p>A task goes only as it was seen: one that is retried meanwhile stays, and so does one that
 * another waits for. Who submits a task that needs it in the very moment in which it goes may be
 * told that it is gone, as when somebody deletes it.
 *
 * <p>A document becomes a tombstone first and takes no tasks from then on. Whoever had seen it
 * before may still add one, so the {@link PurgeSweep} looks again, at once, a minute later and at
 * the end of an hour, and brings the document back if it has a task. So no task that was accepted
 * is ever deleted with it.
 */
public final class RetentionSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionSweep.class);

  static final int PAGE_SIZE = 200;

  /** For each look. */
  static final int PAGES = 5;

  private final ExpiredRecords old;
  private final TaskService tasks;
  private final DocumentService documents;
  private final Ages ages;
  private final IntConsumer expired;
  private final Clock clock;
  private @Nullable Task lastTask;
  private @Nullable Document lastDocument;

  /**
   * How long things are kept.
   *
   * @param tasks from their end
   * @param documents from their registration; null: for ever
   */
  public record Ages(Duration tasks, @Nullable Duration documents) {}

  /**
   * Wires it.
   *
   * @param expired hears of how many documents became tombstones
   */
  public RetentionSweep(
      ExpiredRecords old,
      TaskService tasks,
      DocumentService documents,
      Ages ages,
      IntConsumer expired,
      Clock clock) {
    this.old = old;
    this.tasks = tasks;
    this.documents = documents;
    this.ages = ages;
    this.expired = expired;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "retention";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    pages(() -> expireTasks(now.minus(ages.tasks())));
    Duration keptDocuments = ages.documents();
    if (keptDocuments != null) {
      pages(() -> expireDocuments(now.minus(keptDocuments)));
    }
  }

  /** As many as there are, up to what one look does. */
  private static void pages(BooleanSupplier page) {
    int done = 1;
    while (page.getAsBoolean() && done < PAGES) {
      done++;
    }
  }

  /** Whether there may be more. */
  private boolean expireTasks(Instant before) {
    List<Versioned<Task>> page = old.ended(before, lastTask, PAGE_SIZE);
    long gone = 0;
    if (!page.isEmpty()) {
      Set<TaskId> waitedFor = old.waitedFor(page.stream().map(t -> t.value().id()).toList());
      List<CompletableFuture<Boolean>> told =
          page.stream()
              .filter(seen -> !waitedFor.contains(seen.value().id()))
              .map(this::expire)
              .toList();
      gone = told.stream().filter(CompletableFuture::join).count();
    }
    // What has to stay must not stand in the way of what is after it.
    lastTask = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    if (gone > 0) {
      LOG.info("{} tasks that ended before {} are deleted", gone, before);
    }
    return lastTask != null;
  }

  private CompletableFuture<Boolean> expire(Versioned<Task> seen) {
    return tasks
        .execute(seen, new Command.Expire())
        .handle((decision, failure) -> moved(decision, failure))
        .toCompletableFuture();
  }

  private static boolean moved(@Nullable Decision decision, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause != null && !(cause instanceof TaskNotFound)) {
      throw new CompletionException(cause);
    }
    return decision instanceof Decision.Moved;
  }

  private boolean expireDocuments(Instant before) {
    List<Versioned<Document>> page = old.registered(before, lastDocument, PAGE_SIZE);
    long gone = 0;
    if (!page.isEmpty()) {
      Set<DocumentId> needed = old.withTasks(page.stream().map(d -> d.value().id()).toList());
      List<CompletableFuture<Boolean>> told =
          page.stream()
              .filter(seen -> !needed.contains(seen.value().id()))
              .map(seen -> documents.expire(seen).toCompletableFuture())
              .toList();
      gone = told.stream().filter(CompletableFuture::join).count();
    }
    lastDocument = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    if (gone > 0) {
      expired.accept((int) gone);
      LOG.info("{} documents without tasks, registered before {}, are deleted", gone, before);
    }
    return lastDocument != null;
  }
}
