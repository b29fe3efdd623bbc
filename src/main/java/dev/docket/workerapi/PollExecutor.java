package dev.docket.workerapi;

import dev.docket.broker.TaskQueue;
import dev.docket.concurrent.Stages;
import dev.docket.http.Problem;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.KnownKeys;
import dev.docket.task.Policies;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import dev.docket.wire.PollResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Executes polls: finds their known keys, takes messages and claims the tasks. */
final class PollExecutor {

  private final TaskQueue queue;
  private final PollClaims claims;
  private final KnownKeys keys;
  private final OpenPolls openPolls;
  private final PolledRoutes polledRoutes;
  private final Policies policies;

  PollExecutor(
      TaskQueue queue,
      PollClaims claims,
      KnownKeys keys,
      OpenPolls openPolls,
      PolledRoutes polledRoutes,
      Policies policies) {
    this.queue = queue;
    this.claims = claims;
    this.keys = keys;
    this.openPolls = openPolls;
    this.polledRoutes = polledRoutes;
    this.policies = policies;
  }

  /** The granted tasks; empty if there are none in time. */
  CompletionStage<List<PollResponse.Granted>> execute(OpenPoll open) {
    return findKeys(open).thenCompose(ignored -> take(open));
  }

  /**
   * Tells the poll which of its keys are known. If the store is unavailable, a poll waits for the
   * keys that this server remembers, and fails if there are none. A key of which no task is handed
   * out counts as unknown until its tasks are.
   */
  private CompletionStage<?> findKeys(OpenPoll open) {
    open.learn(
        open.poll().keys().stream().filter(keys::isKnown).filter(policies::handsOut).toList());
    Set<TaskKey> unknown = open.unknownKeys();
    if (unknown.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    boolean someKnown = unknown.size() < open.poll().keys().size();
    return keys.find(unknown)
        .exceptionally(
            failure -> {
              if (someKnown && Stages.cause(failure) instanceof StoreUnavailable) {
                return Set.of();
              }
              throw new CompletionException(Stages.cause(failure));
            })
        .thenAccept(
            found -> {
              open.learn(found.stream().filter(policies::handsOut).toList());
              openPolls.add(open);
            });
  }

  private CompletionStage<List<PollResponse.Granted>> take(OpenPoll open) {
    Collection<Route> routes = open.routes();
    try {
      polledRoutes.add(open.caller(), routes);
    } catch (Problem e) {
      return CompletableFuture.failedStage(e);
    }
    CompletableFuture<List<TaskQueue.Delivery>> messages =
        queue.take(routes, open.poll().max(), open.remaining()).toCompletableFuture();
    open.waitFor(messages);
    return messages
        .exceptionally(PollExecutor::emptyIfCancelled)
        .thenCompose(deliveries -> claim(open, deliveries));
  }

  private static List<TaskQueue.Delivery> emptyIfCancelled(Throwable failure) {
    if (Stages.cause(failure) instanceof CancellationException) {
      return List.of();
    }
    throw new CompletionException(Stages.cause(failure));
  }

  private CompletionStage<List<PollResponse.Granted>> claim(
      OpenPoll open, List<TaskQueue.Delivery> deliveries) {
    if (!open.mayClaim()) {
      deliveries.forEach(TaskQueue.Delivery::giveBack);
      return CompletableFuture.completedStage(List.of());
    }
    List<CompletableFuture<PollClaims.Result>> results =
        deliveries.stream()
            .map(delivery -> claims.claim(open, delivery).toCompletableFuture())
            .toList();
    return Stages.all(results).thenCompose(ignored -> collect(open, results));
  }

  private CompletionStage<List<PollResponse.Granted>> collect(
      OpenPoll open, List<CompletableFuture<PollClaims.Result>> results) {
    // If the queue contains a message twice, the poll has claimed its task twice; return it once.
    Map<String, PollResponse.Granted> granted = new LinkedHashMap<>();
    Throwable failure = null;
    for (CompletableFuture<PollClaims.Result> claim : results) {
      PollClaims.Result result = claim.join();
      if (result.granted() != null) {
        granted.put(result.granted().claimId(), result.granted());
      }
      failure = result.failure() != null ? result.failure() : failure;
    }
    if (granted.isEmpty() && failure != null) {
      return CompletableFuture.failedStage(failure);
    }
    // Either all messages were stale, or there are more queues to wait for.
    boolean takeAgain =
        granted.isEmpty() && (!results.isEmpty() || open.isWidened()) && !open.remaining().isZero();
    return takeAgain ? take(open) : CompletableFuture.completedStage(List.copyOf(granted.values()));
  }
}
