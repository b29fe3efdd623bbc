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
import dev.docket.wire.PollAnswer;
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
 * Hands tasks to workers that cannot reach the broker: takes messages from the same queues, claims
 * the tasks for the caller, then acknowledges. Such a lease is provisional until the worker is
 * heard of, so an answer that never arrives costs half a minute and no attempt. A worker that stops
 * asks again without a wait: then what is open ends, and what was granted meanwhile reaches it.
 */
public final class PollService {

  private static final Logger LOG = LoggerFactory.getLogger(PollService.class);

  /** How long the answer to a poll is kept for a caller who did not get it. */
  private static final Duration RESPONSE_RETENTION = Duration.ofSeconds(60);

  private static final int MAX_RETAINED = 5_000;

  private final TaskQueue queue;
  private final TaskService tasks;
  private final Policies policies;
  private final Cache<String, Open> answers =
      Caffeine.newBuilder().maximumSize(MAX_RETAINED).expireAfterWrite(RESPONSE_RETENTION).build();

  public PollService(TaskQueue queue, TaskService tasks, Policies policies) {
    this.queue = queue;
    this.tasks = tasks;
    this.policies = policies;
  }

  /**
   * What a worker asks for.
   *
   * @param id made by the caller; the same one again gets the same answer, at once where it has no
   *     maxWait
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

  /** A poll and what became of it. */
  private static final class Open {
    private final CompletableFuture<PollAnswer> answer = new CompletableFuture<>();
    private @Nullable CompletableFuture<List<TaskQueue.Taken>> taking;
    private boolean ended;

    /** Waits for this, unless the caller has no maxWait any more. */
    synchronized void waitsFor(CompletableFuture<List<TaskQueue.Taken>> messages) {
      taking = messages;
      if (ended) {
        messages.cancel(false);
      }
    }

    /** Nothing more is waited for. What has come is claimed and answered. */
    synchronized void end() {
      ended = true;
      if (taking != null) {
        taking.cancel(false);
      }
    }
  }

  /** Waits for tasks; empty when there were none in time. */
  CompletionStage<PollAnswer> poll(Poll poll) {
    Open mine = new Open();
    Open open = Objects.requireNonNull(answers.get(poll.worker() + "\n" + poll.id(), id -> mine));
    if (open != mine) {
      if (poll.maxWait().isZero()) {
        open.end();
      }
      return open.answer;
    }
    long deadline = System.nanoTime() + poll.maxWait().toNanos();
    take(poll, deadline, mine)
        .whenComplete(
            (granted, failure) -> {
              if (failure != null) {
                answers.invalidate(poll.worker() + "\n" + poll.id());
                mine.answer.completeExceptionally(failure);
              } else {
                mine.answer.complete(new PollAnswer(granted));
              }
            });
    return mine.answer;
  }

  /** The caller is gone before he got his answer: others may have the tasks now. */
  void giveBack(Poll poll, PollAnswer answer) {
    for (PollAnswer.Granted granted : answer.tasks()) {
      LOG.atInfo()
          .addKeyValue("task", granted.task().id())
          .log("Worker {} is gone, its task is given back", poll.worker());
      var unused =
          tasks.execute(
              TaskId.fromString(granted.task().id()),
              new Command.GiveBack(
                  granted.attempt(),
                  granted.run(),
                  granted.claimId(),
                  poll.worker(),
                  "the poll was not waited for"));
    }
  }

  private CompletionStage<List<PollAnswer.Granted>> take(Poll poll, long deadline, Open open) {
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    CompletableFuture<List<TaskQueue.Taken>> messages =
        queue.take(poll.routes(), poll.max(), left).toCompletableFuture();
    open.waitsFor(messages);
    return messages
        .exceptionally(PollService::nothingIfEnded)
        .thenCompose(
            taken -> {
              List<CompletableFuture<Claimed>> claims =
                  taken.stream()
                      .map(message -> claim(poll, message).toCompletableFuture())
                      .toList();
              return CompletableFuture.allOf(claims.toArray(CompletableFuture[]::new))
                  .thenCompose(nothing -> answer(poll, deadline, claims, open));
            });
  }

  private static List<TaskQueue.Taken> nothingIfEnded(Throwable failure) {
    if (cause(failure) instanceof CancellationException) {
      return List.of();
    }
    throw new CompletionException(cause(failure));
  }

  private CompletionStage<List<PollAnswer.Granted>> answer(
      Poll poll, long deadline, List<CompletableFuture<Claimed>> claims, Open open) {
    // A message may be there twice, and this poll has then claimed its task twice, but it gets it
    // once.
    Map<String, PollAnswer.Granted> granted = new LinkedHashMap<>();
    Throwable failure = null;
    for (CompletableFuture<Claimed> claim : claims) {
      Claimed claimed = claim.join();
      if (claimed.granted() != null) {
        granted.put(claimed.granted().claimId(), claimed.granted());
      }
      failure = claimed.failure() != null ? claimed.failure() : failure;
    }
    if (granted.isEmpty() && failure != null) {
      return CompletableFuture.failedStage(failure);
    }
    // What came was stale: there may be more.
    boolean again = granted.isEmpty() && !claims.isEmpty() && deadline - System.nanoTime() > 0;
    return again
        ? take(poll, deadline, open)
        : CompletableFuture.completedStage(List.copyOf(granted.values()));
  }

  /** A message that was claimed, or was stale (both null), or could not be decided about. */
  private record Claimed(PollAnswer.@Nullable Granted granted, @Nullable Throwable failure) {}

  private CompletionStage<Claimed> claim(Poll poll, TaskQueue.Taken message) {
    RunId run = message.run();
    String claimId = poll.id() + "-" + run.run();
    Command claim = new Command.Claim(run.attempt(), run.run(), claimId, poll.worker(), true);
    CompletionStage<Decision> decided;
    try {
      decided = tasks.execute(TaskId.fromString(run.task()), claim);
    } catch (IllegalArgumentException notOurs) {
      message.acknowledge();
      return CompletableFuture.completedStage(new Claimed(null, null));
    }
    return decided.handle(
        (decision, failure) -> {
          if (failure != null && !(cause(failure) instanceof TaskNotFound)) {
            message.giveBack();
            return new Claimed(null, cause(failure));
          }
          message.acknowledge();
          boolean ours = decision != null && !decision.refused();
          return new Claimed(ours ? granted(decision.task()) : null, null);
        });
  }

  /** A task with the lease that it has just been given. */
  PollAnswer.Granted granted(Task task) {
    Lease lease = Objects.requireNonNull(task.lease(), "a granted claim has a lease");
    TaskMessage message = MessageBody.of(task);
    Duration timeout = policies.of(task).timeout(task);
    return new PollAnswer.Granted(
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
