package dev.docket.audit;

import dev.docket.concurrent.Stages;
import dev.docket.http.RateLimitedLogger;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs actions with an audit record for each. The record is written before the action, with the
 * outcome unknown; if that write fails, the action does not happen. It is completed after the
 * action and before the caller has an answer. If only the second write fails, the answer is still
 * that of the action, and the record keeps the outcome unknown.
 *
 * <p>A refused action has a record, too. Callers create no intention for a record that does not
 * exist.
 */
public final class AuditLog {

  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final RateLimitedLogger INCOMPLETE = new RateLimitedLogger(LOG, System::nanoTime);

  private final AuditStore store;
  private final Clock clock;
  private final Supplier<String> ids;

  /**
   * Creates the log.
   *
   * @param ids supplies ids that no other record has
   */
  public AuditLog(AuditStore store, Clock clock, Supplier<String> ids) {
    this.store = store;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Performs an action that does not block.
   *
   * @param result tells the end of the action from its value; an action that fails with a {@link
   *     dev.docket.http.Problem} of the request was refused
   * @return the stage of the action; fails with {@link StoreUnavailable} if the intention cannot be
   *     written
   */
  public <T extends @Nullable Object> CompletionStage<T> perform(
      Intention intention,
      Supplier<? extends CompletionStage<T>> action,
      Function<? super T, ActionResult> result) {
    return write(intention)
        .thenCompose(
            written ->
                start(action)
                    .handle(
                        (value, failure) ->
                            complete(
                                    written,
                                    failure == null
                                        ? result.apply(value)
                                        : ActionResult.failed(failure, intention.before()))
                                .thenCompose(
                                    ignored ->
                                        failure == null
                                            ? CompletableFuture.completedStage(value)
                                            : CompletableFuture.<T>failedStage(
                                                Stages.cause(failure))))
                    .thenCompose(ended -> ended));
  }

  /** Performs an action that blocks, in the calling thread; see {@link #perform}. */
  public <T extends @Nullable Object> T performBlocking(
      Intention intention, Supplier<T> action, Function<? super T, ActionResult> result) {
    AuditRecord written = Stages.join(write(intention));
    T value;
    try {
      value = action.get();
    } catch (RuntimeException failure) {
      Stages.join(complete(written, ActionResult.failed(failure, intention.before())));
      throw failure;
    }
    Stages.join(complete(written, result.apply(value)));
    return value;
  }

  private static <T extends @Nullable Object> CompletionStage<T> start(
      Supplier<? extends CompletionStage<T>> action) {
    try {
      return action.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private CompletionStage<AuditRecord> write(Intention intention) {
    AuditRecord record = AuditRecord.of(intention, ids.get(), clock.instant());
    return store
        .put(record)
        .thenApply(
            outcome -> {
              if (!(outcome instanceof WriteOutcome.Stored)) {
                throw new StoreUnavailable(
                    "nothing was changed, because the audit record cannot be written: "
                        + reason(outcome));
              }
              return record;
            });
  }

  /** Writes the end of an action, again if the first write fails. The stage never fails. */
  private CompletionStage<?> complete(AuditRecord record, ActionResult result) {
    AuditRecord ended = record.with(result);
    log(ended);
    return store
        .put(ended)
        .thenCompose(
            outcome ->
                outcome instanceof WriteOutcome.Stored
                    ? CompletableFuture.completedStage(outcome)
                    : store.put(ended))
        .thenAccept(
            outcome -> {
              if (!(outcome instanceof WriteOutcome.Stored)) {
                INCOMPLETE.warn(
                    "Audit record %s keeps the outcome unknown, because it cannot be written (%s); the outcome of %s was %s"
                        .formatted(
                            ended.id(), reason(outcome), ended.action(), ended.outcome().wire()));
              }
            });
  }

  private static void log(AuditRecord ended) {
    LOG.atInfo()
        .addKeyValue("caller", ended.principal())
        .addKeyValue("request", ended.requestId())
        .addKeyValue("audit", ended.id())
        .log(
            "{} of {} {}: {}",
            ended.action(),
            ended.record().kind(),
            ended.record().id(),
            ended.outcome().wire());
  }

  private static String reason(WriteOutcome outcome) {
    if (outcome instanceof WriteOutcome.Unknown unknown) {
      return unknown.reason();
    }
    return outcome instanceof WriteOutcome.Rejected rejected
        ? rejected.reason()
        : "another record has its id";
  }
}
