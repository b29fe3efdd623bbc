package dev.docket.worker;

import dev.docket.wire.PollAnswer;
import dev.docket.wire.PollRequest;
import dev.docket.wire.RunId;
import dev.docket.wire.TaskMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks from the server by long polls, one at a time, for as many as there are free places.
 * They come claimed. A poll whose answer was lost is repeated under its id until there is an
 * answer, so what was granted to it is not lost. When the worker stops, it ends its open poll at
 * the server, which else would grant it tasks in vain.
 */
final class PollSource implements TaskSource {

  private static final Logger LOG = LoggerFactory.getLogger(PollSource.class);
  private static final int MAX_TASKS = 1000;
  private static final Duration LAST_POLL_TIMEOUT = Duration.ofSeconds(2);

  private final WorkerSettings settings;
  private final WorkerTimeouts timing;
  private final ServerClient server;
  private final WorkerSlots slots;
  private final Runs runs;
  private final Thread thread;
  private final Backoff backoff;
  private volatile boolean stopping;

  PollSource(WorkerSettings settings, ServerClient server, WorkerSlots slots, Runs runs) {
    this.settings = settings;
    this.timing = settings.timing();
    this.server = server;
    this.slots = slots;
    this.runs = runs;
    this.thread = NamedThreads.lasting(settings.name(), "poll").newThread(this::work);
    this.backoff = new Backoff(timing.firstRetry(), timing.lastRetry());
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public synchronized void stopTaking() {
    if (!stopping) {
      stopping = true;
      thread.interrupt();
    }
  }

  @Override
  public void close(Duration limit) throws InterruptedException {
    stopTaking();
    thread.join(limit.toMillis());
  }

  private void work() {
    try {
      while (!stopping) {
        int taken = slots.takeAll(MAX_TASKS);
        int used = 0;
        try {
          PollAnswer answer = poll(taken);
          for (PollAnswer.Granted granted : answer.tasks()) {
            if (begin(granted)) {
              used++;
            }
          }
        } catch (RuntimeException | Error bug) {
          LOG.error("a poll has failed, trying again", bug);
          rest(backoff.next());
        } finally {
          slots.release(taken - used);
        }
      }
    } catch (InterruptedException stopped) {
      LOG.debug("no more polls", stopped);
    }
  }

  private PollAnswer poll(int max) throws InterruptedException {
    PollRequest request = request(max);
    while (true) {
      Duration wait;
      try {
        ServerReply reply = ask(request, timing.pollWait().plus(timing.callLimit()));
        if (reply.taken()) {
          PollAnswer answer = reply.read(PollAnswer.class);
          if (answer.tasks() == null) {
            throw new IOException("an answer without tasks");
          }
          backoff.reset();
          return answer;
        }
        if (reply.refused()) {
          LOG.error("the server refuses the poll: {}", reply.why());
          request = request(max);
        }
        wait =
            reply.refused() || reply.hopeless()
                ? timing.slowRetry()
                : longer(backoff.next(), reply.retryAfter(Instant.now()));
      } catch (IOException unanswered) {
        LOG.debug("a poll got no answer", unanswered);
        wait = backoff.next();
      } catch (InterruptedException stopped) {
        return lastWord(request);
      }
      rest(wait);
    }
  }

  private ServerReply ask(PollRequest request, Duration limit)
      throws IOException, InterruptedException {
    return server.post("/worker/poll", WireJson.write(request), limit);
  }

  private PollRequest request(int max) {
    return new PollRequest(
        UUID.randomUUID().toString(),
        settings.keys(),
        settings.typeNames(),
        settings.name(),
        max,
        (int) timing.pollWait().toSeconds());
  }

  /** What was granted to a poll that is broken off: it is given back, as the worker stops. */
  private PollAnswer lastWord(PollRequest open) throws InterruptedException {
    try {
      ServerReply reply = ask(open.atOnce(), LAST_POLL_TIMEOUT);
      PollAnswer answer = reply.taken() ? reply.read(PollAnswer.class) : null;
      if (answer != null && answer.tasks() != null) {
        return answer;
      }
      LOG.debug("the server does not end the poll: {}", reply.why());
    } catch (IOException gone) {
      LOG.debug("the server cannot be told that nobody waits any more", gone);
    }
    throw new InterruptedException("stopped");
  }

  private static Duration longer(Duration wait, Optional<Duration> asked) {
    return asked.filter(time -> time.compareTo(wait) > 0).orElse(wait);
  }

  private static void rest(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped");
      }
    }
  }

  /** Whether it has begun, and will give its place free. */
  private boolean begin(PollAnswer.Granted granted) {
    RunId run;
    try {
      run = new RunId(granted.task().id(), granted.attempt(), granted.run());
    } catch (RuntimeException unknown) {
      LOG.error("the server grants a task that cannot be told from others: {}", granted, unknown);
      return false;
    }
    try {
      Task task = Task.from(new TaskMessage(granted.task(), granted.document()), run.attempt());
      if (!runs.knows(task.key())) {
        throw new IllegalArgumentException("its key is " + task.key());
      }
      runs.begin(
          Lease.of(run, granted.claimId(), granted.leaseSeconds()),
          task.within(granted.timeoutSeconds()));
    } catch (RuntimeException unreadable) {
      LOG.error("what the server says of {} cannot be read", run, unreadable);
      runs.refuse(
          run, granted.claimId(), "the worker cannot read its message: " + unreadable.getMessage());
    }
    return true;
  }
}
