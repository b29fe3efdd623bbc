package dev.docket.workerapi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialCheck;
import dev.docket.broker.TaskQueue;
import dev.docket.concurrent.Stages;
import dev.docket.http.Places;
import dev.docket.task.KnownKeys;
import dev.docket.task.Policies;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.wire.PollResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves polls of workers that cannot reach the broker. It takes messages from the queues of
 * Docket's own workers, claims the tasks for the caller, then acknowledges the messages.
 *
 * <p>Waiting for a queue declares it. So a poll waits only for queues of {@link KnownKeys}, for
 * others as soon as they are known, and it never declares a queue for an invented key.
 *
 * <p>Until the worker's first report, such a lease is provisional: it lasts half a minute or as
 * long as the poll says, and its loss alone does not count as a failure. So a lost response costs
 * little. A worker that stops repeats its poll without a wait; the open poll then ends, and the
 * worker receives what it was granted.
 */
public final class PollService {

  private static final Logger LOG = LoggerFactory.getLogger(PollService.class);

  /** How long the response to a poll is kept, for a caller that repeats the poll. */
  private static final Duration RESPONSE_RETENTION = Duration.ofSeconds(60);

  /** Longer than a poll takes, together with the retention of its response. */
  private static final Duration CALLER_RETENTION = Duration.ofMinutes(10);

  /** The number of responses that are kept for one caller. */
  private static final int MAX_RETAINED = 5_000;

  /** Each open poll uses a channel of the broker connection while it waits. */
  private static final int MAX_OPEN = 500;

  private final TaskService tasks;
  private final PollClaims claims;
  private final PollExecutor executor;
  private final Places places = new Places("open polls", MAX_OPEN);

  /** The maximum number of callers whose responses are kept. */
  private static final int MAX_CALLERS = 10_000;

  /**
   * The polls of each caller, so that one caller cannot evict those of another. Callers with open
   * polls weigh nothing, so they are never evicted; {@link #MAX_OPEN} bounds their number.
   */
  private final Cache<String, CallerPolls> callers =
      Caffeine.newBuilder()
          .maximumWeight(MAX_CALLERS)
          .weigher((String name, CallerPolls polls) -> polls.open > 0 ? 0 : 1)
          .expireAfterAccess(CALLER_RETENTION)
          .build();

  /** The polls of one caller. */
  private static final class CallerPolls {
    private final Cache<PollName, OpenPoll> retained =
        Caffeine.newBuilder()
            .maximumSize(MAX_RETAINED)
            .expireAfterWrite(RESPONSE_RETENTION)
            .build();

    /** The number of open polls. Changed only while the cache computes the entry. */
    private volatile int open;

    @SuppressWarnings("NonAtomicVolatileUpdate")
    CallerPolls opened(int change) {
      open += change;
      return this;
    }
  }

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
    this.tasks = tasks;
    this.claims = new PollClaims(tasks, policies);
    this.executor =
        new PollExecutor(
            queue, claims, keys, openPolls, new PolledRoutes(keys, maxPolledQueues), policies);
  }

  /**
   * What identifies a repeated poll of a caller.
   *
   * @param taskKeys the limit of the credentials, as others of the same name may use other keys
   */
  private record PollName(String worker, String id, @Nullable Set<String> taskKeys) {}

  /**
   * Waits for tasks; the response is empty if there are none in time.
   *
   * @param credentials checked again before the poll claims tasks
   * @throws dev.docket.http.TooManyRequests if the caller has its share of the open polls
   * @throws dev.docket.http.ServerBusy if the maximum number of polls is open
   */
  PollRequestHandle poll(Caller caller, Poll poll, CredentialCheck credentials) {
    CallerPolls known = callers.get(caller.name(), name -> new CallerPolls());
    PollName name = new PollName(poll.worker(), poll.id(), caller.taskKeys());
    OpenPoll repeated = known.retained.getIfPresent(name);
    if (repeated != null && poll.maxWait().isZero() && repeated.addRequest()) {
      repeated.end();
      return handle(repeated, known.retained, name);
    }
    Places.Place place = places.take(caller);
    Cache<PollName, OpenPoll> ofCaller = opened(caller, known).retained;
    OpenPoll created = new OpenPoll(poll, caller, credentials);
    OpenPoll open;
    do {
      open = Objects.requireNonNull(ofCaller.get(name, absent -> created));
      if (open.addRequest()) {
        break;
      }
      // Its clients have disconnected just now.
      ofCaller.asMap().remove(name, open);
    } while (true);
    var unused =
        open.response()
            .whenComplete(
                (granted, failure) -> {
                  place.close();
                  callers.asMap().computeIfPresent(caller.name(), (id, polls) -> polls.opened(-1));
                });
    if (open == created) {
      start(created, () -> ofCaller.asMap().remove(name, created));
    }
    return handle(open, ofCaller, name);
  }

  private PollRequestHandle handle(
      OpenPoll open, Cache<PollName, OpenPoll> ofCaller, PollName name) {
    return new PollRequestHandle(
        open,
        () -> {
          // A repeated poll must not get tasks that are given back.
          ofCaller.asMap().remove(name, open);
          var unused =
              open.response()
                  .whenComplete(
                      (response, failure) -> {
                        if (response != null) {
                          giveBack(open.poll(), response);
                        }
                      });
        });
  }

  private CallerPolls opened(Caller caller, CallerPolls known) {
    return Objects.requireNonNull(
        callers
            .asMap()
            .compute(
                caller.name(), (name, present) -> (present == null ? known : present).opened(1)));
  }

  private void start(OpenPoll open, Runnable forget) {
    executor
        .execute(open)
        .whenComplete(
            (granted, failure) -> {
              if (failure != null) {
                forget.run();
                open.response().completeExceptionally(Stages.cause(failure));
              } else {
                open.response().complete(new PollResponse(granted));
              }
            });
  }

  /** Gives the tasks back because no client has received the response. */
  private void giveBack(Poll poll, PollResponse response) {
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
              new Command.Undelivered(
                  new Reporter(
                      new RunRef(granted.attempt(), granted.run()),
                      granted.claimId(),
                      poll.worker())));
    }
  }

  /** The response for a task whose claim was granted. */
  PollResponse.Granted granted(Task task) {
    return claims.granted(task);
  }
}
