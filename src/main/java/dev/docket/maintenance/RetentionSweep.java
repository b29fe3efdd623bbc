package dev.docket.maintenance;

import dev.docket.concurrent.Stages;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes records that exceed their retention period: ended tasks with their results, and documents
 * without tasks. A run deletes only a few pages, so that it does not delay current work. The sweep
 * keeps no state: if a server crashes during a run, the next leader starts with the oldest records
 * again.
 *
 * <p>A task is deleted by compare-and-set: a task that is retried in the meantime stays, and so
 * does a task that another task waits for. A task that is submitted at that moment with a
 * dependency on the deleted task may fail, as after any other deletion.
 *
 * <p>A document becomes a tombstone first, and accepts no tasks from then on. A request that read
 * the document earlier may still add a task, so the {@link PurgeSweep} checks the document
 * immediately, a minute later and at the end of an hour, and restores it if it has a task. So an
 * accepted task is never deleted with its document.
 */
public final class RetentionSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionSweep.class);

  static final int PAGE_SIZE = 200;

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 5;

  private final ExpiredRecords expiredRecords;
  private final TaskService tasks;
  private final DocumentService documents;
  private final Ages ages;
  private final IntConsumer expiredDocuments;
  private final Clock clock;
  private @Nullable Task lastTask;
  private @Nullable Document lastDocument;

  /**
   * Retention periods.
   *
   * @param tasks counted from the end of a task
   * @param documents counted from the registration of a document; null to keep documents forever
   */
  public record Ages(Duration tasks, @Nullable Duration documents) {}

  /**
   * Creates the sweep.
   *
   * @param expiredDocuments receives the number of documents that became tombstones
   */
  public RetentionSweep(
      ExpiredRecords expiredRecords,
      TaskService tasks,
      DocumentService documents,
      Ages ages,
      IntConsumer expiredDocuments,
      Clock clock) {
    this.expiredRecords = expiredRecords;
    this.tasks = tasks;
    this.documents = documents;
    this.ages = ages;
    this.expiredDocuments = expiredDocuments;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "retention";
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    repeat(() -> expireTasks(now.minus(ages.tasks())));
    Duration documentAge = ages.documents();
    if (documentAge != null) {
      repeat(() -> expireDocuments(now.minus(documentAge)));
    }
  }

  private static void repeat(BooleanSupplier page) {
    int pages = 1;
    while (page.getAsBoolean() && pages < MAX_PAGES) {
      pages++;
    }
  }

  /** Returns whether there may be more. */
  private boolean expireTasks(Instant before) {
    List<Versioned<Task>> page = expiredRecords.ended(before, lastTask, PAGE_SIZE);
    long deleted = 0;
    if (!page.isEmpty()) {
      Set<TaskId> waitedFor =
          expiredRecords.waitedFor(page.stream().map(t -> t.value().id()).toList());
      deleted =
          Stages.countTrue(
              page.stream()
                  .filter(task -> !waitedFor.contains(task.value().id()))
                  .map(task -> tasks.changes(task, new Command.Expire()))
                  .toList());
    }
    // The next page follows even if all tasks of this page must stay.
    lastTask = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    if (deleted > 0) {
      LOG.info("Deleted {} tasks that ended before {}", deleted, before);
    }
    return lastTask != null;
  }

  private boolean expireDocuments(Instant before) {
    List<Versioned<Document>> page = expiredRecords.registered(before, lastDocument, PAGE_SIZE);
    long deleted = 0;
    if (!page.isEmpty()) {
      Set<DocumentId> inUse =
          expiredRecords.withTasks(page.stream().map(d -> d.value().id()).toList());
      deleted =
          Stages.countTrue(
              page.stream()
                  .filter(document -> !inUse.contains(document.value().id()))
                  .map(documents::expire)
                  .toList());
    }
    lastDocument = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    if (deleted > 0) {
      expiredDocuments.accept((int) deleted);
      LOG.info("Deleted {} documents without tasks, registered before {}", deleted, before);
    }
    return lastDocument != null;
  }
}
