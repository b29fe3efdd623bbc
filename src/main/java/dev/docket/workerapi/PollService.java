package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.auth.Caller;
import dev.docket.broker.TaskQueue;
import dev.docket.document.TargetType;
import dev.docket.http.Places;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.KnownKeys;
import dev.docket.task.Policies;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.wire.PollResponse;
import java.time.Duration;
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
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves polls of workers that cannot reach the broker. It takes messages from the queues of
 * Docket's own workers, claims the tasks for the caller, then acknowledges the messages.
 *
 * <p>Waiting for a queue declares it. So a poll waits only for queues of {@link KnownKeys}, for
 * others as soon as they are known, and it never declares a queue for an invented key.
 *
 * <p>Until the worker's first report, such a lease is provisional: it lasts half a minute, and its
 * loss does not count as a failure. So a lost response costs little. A worker that stops repeats
 * its poll without a wait; the open poll then ends, and the worker receives what it was granted.
 */
public final class PollService {

  private static final Logger LOG = LoggerFactory.getLogger(PollService.class);

  /** How long the response to a poll is kept, for a caller that repeats the poll. */
  private static final Duration RESPONSE_RETENTION = Duration.ofSeconds(60);

  /** The number of responses that are kept for one caller. */
  private static final int MAX_RETAINED = 5_000;

  /** Each open poll uses a channel of the broker connection while it waits. */
  private static final int MAX_OPEN = 500;

  private final TaskQueue queue;
  private final TaskService tasks;
  private final PollClaims runClaims;
  private final KnownKeys keys;
  private final OpenPolls openPolls;
  private final PolledRoutes polledRoutes;
  private final Places places = new Places("open polls", MAX_OPEN);

  /** The polls of each caller, so that one caller cannot evict those of another. */
  private final Map<String, Cache<PollName, OpenPoll>> polls = new ConcurrentHashMap<>();

  /**
   * @param maxPolledQueues the maximum number of queues of unregistered keys that one caller polls
   */
  public PollService(
      TaskQueue queue,
      TaskService tasks,
      Policies policies,
      KnownKeys keys,
      OpenPolls openPolls,
      int maxPolledQueues) {
    this.queue = queue;
    this.tasks = tasks;
    this.runClaims = new PollClaims(tasks, policies);
    this.keys = keys;
    this.openPolls = openPolls;
    this.polledRoutes = new PolledRoutes(keys, maxPolledQueues);
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
      Duration maxWait) {}

  /** What identifies a repeated poll of a caller. */
  private record PollName(String worker, String id) {}

  /**
   * Waits for tasks; the response is empty if there are none in time.
   *
   * @throws dev.docket.http.TooManyRequests if the caller has its share of the open polls
   * @throws dev.docket.http.ServerBusy if the maximum number of polls is open
   */
  CompletionStage<PollResponse> poll(Caller caller, Poll poll) {
    Cache<PollName, OpenPoll> ofCaller =
        polls.computeIfAbsent(caller.name(), name -> newRetainedPolls());
    PollName name = new PollName(poll.worker(), poll.id());
    OpenPoll repeated = ofCaller.getIfPresent(name);
    if (repeated != null && poll.maxWait().isZero()) {
      repeated.end();
      return repeated.response();
    }
    Places.Place place = places.take(caller);
    OpenPoll created = new OpenPoll(poll, caller);
    OpenPoll open = Objects.requireNonNull(ofCaller.get(name, absent -> created));
    CompletionStage<PollResponse> response =
        open.response().whenComplete((granted, failure) -> place.close());
    if (open == created) {
      start(created, () -> ofCaller.invalidate(name));
    }
    return response;
  }

  private static Cache<PollName, OpenPoll> newRetainedPolls() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_RETAINED)
        .expireAfterWrite(RESPONSE_RETENTION)
        .build();
  }

  private void start(OpenPoll open, Runnable forget) {
    findKeys(open)
        .thenCompose(ignored -> take(open))
        .whenComplete(
            (granted, failure) -> {
              if (failure != null) {
                forget.run();
                open.response().completeExceptionally(cause(failure));
              } else {
                open.response().complete(new PollResponse(granted));
              }
            });
  }

  /**
   * Tells the poll which of its keys are known. If the store is unavailable, a poll waits for the
   * keys that this server remembers, and fails if there are none.
   */
  private CompletionStage<?> findKeys(OpenPoll open) {
    open.learn(open.poll().keys().stream().filter(keys::isKnown).toList());
    Set<TaskKey> unknown = open.unknownKeys();
    if (unknown.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    boolean someKnown = unknown.size() < open.poll().keys().size();
    return keys.find(unknown)
        .exceptionally(
            failure -> {
              if (someKnown && cause(failure) instanceof StoreUnavailable) {
                return Set.of();
              }
              throw new CompletionException(cause(failure));
            })
        .thenAccept(
            found -> {
              open.learn(found);
              openPolls.add(open);
            });
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

  private CompletionStage<List<PollResponse.Granted>> take(OpenPoll open) {
    Poll poll = open.poll();
    Collection<Route> routes = open.routes();
    try {
      polledRoutes.add(open.caller(), routes);
    } catch (TooManyPolledRoutes e) {
      return CompletableFuture.failedStage(e);
    }
    CompletableFuture<List<TaskQueue.Delivery>> messages =
        queue.take(routes, poll.max(), open.remaining()).toCompletableFuture();
    open.waitFor(messages);
    return messages
        .exceptionally(PollService::emptyIfCancelled)
        .thenCompose(
            deliveries -> {
              List<CompletableFuture<PollClaims.Result>> claims =
                  deliveries.stream()
                      .map(delivery -> runClaims.claim(poll, delivery).toCompletableFuture())
                      .toList();
              return CompletableFuture.allOf(claims.toArray(CompletableFuture[]::new))
                  .thenCompose(ignored -> collect(open, claims));
            });
  }

  private static List<TaskQueue.Delivery> emptyIfCancelled(Throwable failure) {
    if (cause(failure) instanceof CancellationException) {
      return List.of();
    }
    throw new CompletionException(cause(failure));
  }

  private CompletionStage<List<PollResponse.Granted>> collect(
      OpenPoll open, List<CompletableFuture<PollClaims.Result>> claims) {
    // If the queue contains a message twice, the poll has claimed its task twice; return it once.
    Map<String, PollResponse.Granted> granted = new LinkedHashMap<>();
    Throwable failure = null;
    for (CompletableFuture<PollClaims.Result> claim : claims) {
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
        granted.isEmpty() && (!claims.isEmpty() || open.isWidened()) && !open.remaining().isZero();
    return takeAgain ? take(open) : CompletableFuture.completedStage(List.copyOf(granted.values()));
  }

  /** The response for a task whose claim was granted. */
  PollResponse.Granted granted(Task task) {
    return runClaims.granted(task);
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
