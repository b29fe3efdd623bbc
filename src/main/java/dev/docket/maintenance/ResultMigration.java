package dev.docket.maintenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.concurrent.Stages;
import dev.docket.result.ListedRuns;
import dev.docket.result.PayloadPart;
import dev.docket.result.Payloads;
import dev.docket.result.Result;
import dev.docket.result.ResultSubmissions;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import dev.docket.task.ResultRun;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates the records of results that earlier releases wrote: adds the fields that searches filter
 * by, and moves large payloads out of the record. Deletes records that belong to no result that
 * readers see or may see later.
 *
 * <p>A run migrates a few pages. A migrated record is not found again, so another leader continues
 * where this one stopped. When a search finds no more records, all later runs do nothing: servers
 * of earlier releases do not run beside this one.
 *
 * <p>The task is read after the record, and the record is replaced only if it has not changed. The
 * effect of a later transition either changes the record first, and this migration fails and is
 * repeated, or it changes the migrated record.
 */
public final class ResultMigration implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(ResultMigration.class);

  /** The time between two runs. */
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  /** A page of the largest records takes 50 MiB. */
  static final int PAGE_SIZE = 50;

  /** Maximum number of pages in one run. */
  static final int MAX_PAGES = 20;

  private final FormerResultRecords records;
  private final TaskStore tasks;
  private final Payloads payloads;
  private @Nullable ResultId position;
  private long progress;
  private long migrated;
  private long deleted;
  private boolean complete;

  public ResultMigration(FormerResultRecords records, TaskStore tasks, Payloads payloads) {
    this.records = records;
    this.tasks = tasks;
    this.payloads = payloads;
  }

  @Override
  public String name() {
    return "result-migration";
  }

  @Override
  public void run() {
    int pages = 0;
    while (!complete && pages < MAX_PAGES) {
      migratePage();
      pages++;
    }
  }

  private void migratePage() {
    if (position == null) {
      progress = 0;
    }
    List<Versioned<Result>> page = records.find(position, PAGE_SIZE);
    if (!page.isEmpty()) {
      migrate(page);
    }
    position = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value().id() : null;
    if (position == null) {
      // Whatever this pass has not changed cannot be changed. Otherwise the next pass checks again.
      complete = progress == 0;
      if (complete && migrated + deleted > 0) {
        LOG.info(
            "Migrated {} results of an earlier release; deleted {} that belonged to no successful"
                + " run",
            migrated,
            deleted);
      }
    }
  }

  private void migrate(List<Versioned<Result>> page) {
    Map<TaskId, Versioned<Task>> owners =
        Stages.join(
            tasks.find(
                page.stream().map(record -> record.value().taskId()).collect(Collectors.toSet())));
    Stages.join(
        Stages.all(
            page.stream()
                .map(record -> migrate(record, owners.get(record.value().taskId())))
                .toList()));
  }

  private CompletionStage<Void> migrate(Versioned<Result> record, @Nullable Versioned<Task> owner) {
    Result result = record.value();
    Task task = owner == null ? null : owner.value();
    Optional<ResultRun> listed =
        task == null ? Optional.empty() : ListedRuns.find(task, result.run(), result.id());
    if (task == null || (listed.isEmpty() && !ListedRuns.isPending(task, result))) {
      return records
          .remove(result.id(), record.version())
          .thenAccept(outcome -> count(outcome, result, false));
    }
    boolean visible = listed.isPresent();
    boolean latest = listed.filter(run -> run.equals(task.latestResults())).isPresent();
    return replace(record, Result.Origin.of(task), visible, latest)
        .thenAccept(outcome -> count(outcome, result, true));
  }

  private CompletionStage<WriteOutcome> replace(
      Versioned<Result> record, Result.Origin origin, boolean visible, boolean latest) {
    Result result = record.value();
    JsonNode payload = result.payload();
    byte[] json =
        payload == null ? new byte[0] : payload.toString().getBytes(StandardCharsets.UTF_8);
    if (payload == null || json.length <= ResultSubmissions.MAX_RECORD_BYTES) {
      return records.replace(
          result.migrated(origin, payload, result.payloadBytes(), visible, latest),
          payload,
          record.version());
    }
    PayloadPart.Owner owner =
        new PayloadPart.Owner(result.taskId(), result.attempt(), result.run(), null);
    JsonNode searched = json.length <= PayloadPart.BYTES ? payload : null;
    Result moved = result.migrated(origin, null, (long) json.length, visible, latest);
    return payloads
        .store(result.id(), owner, json)
        .thenCompose(stored -> records.replace(moved, searched, record.version()));
  }

  private synchronized void count(WriteOutcome outcome, Result result, boolean kept) {
    outcome.requireKnown();
    if (outcome instanceof WriteOutcome.Rejected rejected) {
      LOG.atError()
          .addKeyValue("task", result.taskId())
          .addKeyValue("result", result.id())
          .log("A result of an earlier release cannot be migrated: {}", rejected.reason());
      return;
    }
    progress++;
    if (outcome instanceof WriteOutcome.Stored) {
      migrated += kept ? 1 : 0;
      deleted += kept ? 0 : 1;
    }
  }
}
