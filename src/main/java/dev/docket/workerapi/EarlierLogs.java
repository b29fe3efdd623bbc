package dev.docket.workerapi;

import dev.docket.wire.ReportItem;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The log items of a report. An end of a run waits until the server has checked the run of the log
 * items before it, so that the next run cannot make it reject the last lines. It does not wait
 * until they are stored.
 */
final class EarlierLogs {

  private final Map<String, CompletableFuture<Boolean>> checks = new ConcurrentHashMap<>();

  /** Notes the next item of the report. */
  void expect(ReportItem item) {
    if (item instanceof ReportItem.Log log) {
      checks.computeIfAbsent(log.run(), run -> new CompletableFuture<>());
    }
  }

  /** The run of the item has been checked, or will not be. */
  void checked(ReportItem.Log item) {
    CompletableFuture<Boolean> check = checks.get(item.run());
    if (check != null) {
      check.complete(true);
    }
  }

  /** Processes an item that is not about a log. */
  <T> CompletionStage<T> before(ReportItem.OfTask item, Supplier<CompletionStage<T>> processing) {
    boolean ends = item instanceof ReportItem.Complete || item instanceof ReportItem.GiveBack;
    CompletionStage<Boolean> check = ends ? checks.get(item.run()) : null;
    return check == null ? processing.get() : check.thenCompose(checked -> processing.get());
  }
}
