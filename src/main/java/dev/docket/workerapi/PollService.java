package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.broker.TaskQueue;
import dev.docket.document.TargetType;
import dev.docket.protocol.MessageBody;
import dev.docket.task.Lease;
import dev.docket.task.Policies;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskNotFound;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.wire.PollResponse;
import dev.docket.wire.RunId;
import dev.docket.wire.TaskMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves polls of workers that cannot reach the broker. It takes messages from the queues of
 * Docket's own workers, claims the tasks for the caller, then acknowledges the messages.
 *
 * <p>Until the worker's first report, such a lease is provisional: it lasts half a minute, and its
 * loss does not count as a failure. So a lost response costs little. A worker that stops repeats
 * its poll without a wait; the open poll then ends, and the worker receives what it was granted.
 */
public final class PollService {

  private static final Logger LOG = LoggerFactory.getLogger(PollService.class);

  /** How long the response to a poll is kept, for a caller that repeats the poll. */
  private static final Duration RESPONSE_RETENTION = Duration.ofSeconds(60);

  private static final int MAX_RETAINED = 5_000;

  private final TaskQueue queue;
  private final TaskService tasks;
  private final Policies policies;
  private final Cache<String, PendingPoll> polls =
      Caffeine.newBuilder().maximumSize(MAX_RETAINED).expireAfterWrite(RESPONSE_RETENTION).build();

  public PollService(TaskQueue queue, TaskService tasks, Policies policies) {
    this.queue = queue;
    this.tasks = tasks;
    this.policies = policies;
  }

  /**
   * A poll request.
   *
   * @param id chosen by the caller; a repeated poll with the same id gets the same response,
   *     immediately if its {@code maxWait} is zero
   */
  record Poll(
      String id,
      Set<TaskKey> keys,
      Set<TargetType> types,
      String worker,
      int max,
      Duration maxWait) {

    Collection<Route> routes() {
      List<Route> routes = new ArrayList<>();
      for (TaskKey key : keys) {
        types.forEach(type -> routes.add(new Route(type, key)));
      }
      return routes;
    }
  }

  /** A poll and its response. */
  private static final class PendingPoll {
    private final CompletableFuture<PollResponse> response = new CompletableFuture<>();
    private @Nullable CompletableFuture<List<TaskQueue.Delivery>> currentTake;
    private boolean ended;

    /** Sets what the poll waits for, or cancels it if the poll has ended. */
    synchronized void waitFor(CompletableFuture<List<TaskQueue.Delivery>> messages) {
      currentTake = messages;
      if (ended) {
        messages.cancel(false);
      }
    }

    /** Ends the wait. Messages that have already arrived are still claimed and returned. */
    synchronized void end() {
      ended = true;
      if (currentTake != null) {
        currentTake.cancel(false);
      }
    }
  }

  /** Waits for tasks; the response is empty if there are none in time. */
  CompletionStage<PollResponse> poll(Poll poll) {
    PendingPoll created = new PendingPoll();
    PendingPoll open =
        Objects.requireNonNull(polls.get(poll.worker() + "\n" + poll.id(), id -> created));
    if (open != created) {
      if (poll.maxWait().isZero()) {
        open.end();
      }
      return open.response;
    }
    long deadline = System.nanoTime() + poll.maxWait().toNanos();
    take(poll, deadline, created)
        .whenComplete(
            (granted, failure) -> {
              if (failure != null) {
                polls.invalidate(poll.worker() + "\n" + poll.id());
                created.response.completeExceptionally(failure);
              } else {
                created.response.complete(new PollResponse(granted));
              }
            });
    return created.response;
  }

  /** Gives the tasks back because the caller disconnected before it received the response. */
  void giveBack(Poll poll, PollResponse response) {
    for (PollResponse.Granted granted : response.tasks()) {
      LOG.atInfo()
          .addKeyValue("task", granted.task().id())
          .log(
              "Worker {} disconnected before it received the response to its poll;"
                  + " giving the task back",
              poll.worker());
      var unused =
          tasks.execute(
              TaskId.fromString(granted.task().id()),
              new Command.GiveBack(
                  granted.attempt(),
                  granted.run(),
                  granted.claimId(),
                  poll.worker(),
                  "the worker disconnected before it received the response to its poll"));
    }
  }

  private CompletionStage<List<PollResponse.Granted>> take(
      Poll poll, long deadline, PendingPoll open) {
    Duration remaining = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    CompletableFuture<List<TaskQueue.Delivery>> messages =
        queue.take(poll.routes(), poll.max(), remaining).toCompletableFuture();
    open.waitFor(messages);
    return messages
        .exceptionally(PollService::emptyIfCancelled)
        .thenCompose(
            deliveries -> {
              List<CompletableFuture<ClaimResult>> claims =
                  deliveries.stream()
                      .map(delivery -> claim(poll, delivery).toCompletableFuture())
                      .toList();
              return CompletableFuture.allOf(claims.toArray(CompletableFuture[]::new))
                  .thenCompose(ignored -> collect(poll, deadline, claims, open));
            });
  }

  private static List<TaskQueue.Delivery> emptyIfCancelled(Throwable failure) {
    if (cause(failure) instanceof CancellationException) {
      return List.of();
    }
    throw new CompletionException(cause(failure));
  }

  private CompletionStage<List<PollResponse.Granted>> collect(
      Poll poll, long deadline, List<CompletableFuture<ClaimResult>> claims, PendingPoll open) {
    // If the queue contains a message twice, the poll has claimed its task twice; return it once.
    Map<String, PollResponse.Granted> granted = new LinkedHashMap<>();
    Throwable failure = null;
    for (CompletableFuture<ClaimResult> claim : claims) {
      ClaimResult result = claim.join();
      if (result.granted() != null) {
        granted.put(result.granted().claimId(), result.granted());
      }
      failure = result.failure() != null ? result.failure() : failure;
    }
    if (granted.isEmpty() && failure != null) {
      return CompletableFuture.failedStage(failure);
    }
    // All messages were stale; wait for others until the deadline.
    boolean takeAgain = granted.isEmpty() && !claims.isEmpty() && deadline - System.nanoTime() > 0;
    return takeAgain
        ? take(poll, deadline, open)
        : CompletableFuture.completedStage(List.copyOf(granted.values()));
  }

  /** Result of a claim: granted, failed, or rejected because the message is stale (both null). */
  private record ClaimResult(PollResponse.@Nullable Granted granted, @Nullable Throwable failure) {}

  private CompletionStage<ClaimResult> claim(Poll poll, TaskQueue.Delivery delivery) {
    RunId run = delivery.run();
    String claimId = poll.id() + "-" + run.run();
    Command claim = new Command.Claim(run.attempt(), run.run(), claimId, poll.worker(), true);
    CompletionStage<Decision> pendingDecision;
    try {
      pendingDecision = tasks.execute(TaskId.fromString(run.task()), claim);
    } catch (IllegalArgumentException e) {
      delivery.acknowledge();
      return CompletableFuture.completedStage(new ClaimResult(null, null));
    }
    return pendingDecision.handle(
        (decision, failure) -> {
          if (failure != null && !(cause(failure) instanceof TaskNotFound)) {
            delivery.giveBack();
            return new ClaimResult(null, cause(failure));
          }
          delivery.acknowledge();
          boolean granted = decision != null && !decision.refused();
          return new ClaimResult(granted ? granted(decision.task()) : null, null);
        });
  }

  /** The response for a task whose claim was granted. */
  PollResponse.Granted granted(Task task) {
    Lease lease = Objects.requireNonNull(task.lease(), "a granted claim has a lease");
    TaskMessage message = MessageBody.of(task);
    Duration timeout = policies.of(task).timeout(task);
    return new PollResponse.Granted(
        message.task(),
        message.document(),
        task.attempt(),
        task.run(),
        lease.claimId(),
        lease.seconds(),
        timeout == null ? 0 : timeout.toSeconds());
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
