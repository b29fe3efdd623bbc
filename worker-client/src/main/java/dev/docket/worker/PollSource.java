package dev.docket.worker;

import dev.docket.wire.PollRequest;
import dev.docket.wire.PollResponse;
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
 * Receives tasks from the server by long polls, one poll at a time, for as many tasks as there are
 * free slots. The server returns tasks that are already claimed. If the response to a poll is lost,
 * the source repeats the poll with the same id until there is a response, so that no granted task
 * is lost. When the worker stops, it ends its open poll; otherwise the server would grant tasks
 * that nobody runs.
 */
final class PollSource implements TaskSource {

  private static final Logger LOG = LoggerFactory.getLogger(PollSource.class);
  private static final int MAX_TASKS = 1000;
  private static final Duration END_POLL_TIMEOUT = Duration.ofSeconds(2);

  private final WorkerSettings settings;
  private final WorkerTimeouts timeouts;
  private final ServerClient server;
  private final WorkerSlots slots;
  private final Runs runs;
  private final WorkerProcess process;
  private final Thread thread;
  private final Backoff backoff;
  private volatile boolean stopping;

  PollSource(
      WorkerSettings settings,
      ServerClient server,
      WorkerSlots slots,
      Runs runs,
      WorkerProcess process) {
    this.settings = settings;
    this.timeouts = settings.timeouts();
    this.server = server;
    this.slots = slots;
    this.runs = runs;
    this.process = process;
    this.thread = NamedThreads.nonDaemon(settings.name(), "poll").newThread(this::pollLoop);
    this.backoff = new Backoff(timeouts.initialBackoff(), timeouts.maxBackoff());
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public synchronized void stopReceiving() {
    if (!stopping) {
      stopping = true;
      thread.interrupt();
    }
  }

  @Override
  public void close(Duration limit) throws InterruptedException {
    stopReceiving();
    thread.join(limit.toMillis());
  }

  private void pollLoop() {
    try {
      while (!stopping) {
        int acquired = slots.acquireUpTo(MAX_TASKS);
        int used = 0;
        try {
          PollResponse result = poll(acquired);
          for (PollResponse.Granted granted : result.tasks()) {
            if (begin(granted)) {
              used++;
            }
          }
        } catch (RuntimeException | Error e) {
          LOG.error("A poll failed unexpectedly; polling again after a backoff", e);
          sleep(backoff.next());
        } finally {
          slots.release(acquired - used);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("The worker is stopping; polling has ended", e);
    }
  }

  private PollResponse poll(int max) throws InterruptedException {
    PollRequest request = request(max);
    while (true) {
      Duration wait;
      try {
        ServerResponse response = post(request, timeouts.pollWait().plus(timeouts.callTimeout()));
        if (response.isOk()) {
          PollResponse result = response.read(PollResponse.class);
          if (result.error() != null) {
            throw new IOException("the poll failed while it waited: " + result.error());
          }
          if (result.tasks() == null) {
            throw new IOException("the response to the poll has no tasks");
          }
          backoff.reset();
          return result;
        }
        if (response.isRejected()) {
          LOG.error(
              "The server rejected the poll; retrying in {}s: {}",
              timeouts.configurationErrorDelay().toSeconds(),
              response.errorDetail());
          request = request(max);
        }
        wait =
            response.isRejected() || response.isConfigurationError()
                ? timeouts.configurationErrorDelay()
                : max(backoff.next(), response.retryAfter(Instant.now()));
      } catch (IOException e) {
        LOG.debug("A poll failed; repeating it after a backoff", e);
        wait = backoff.next();
      } catch (InterruptedException e) {
        return endPoll(request);
      }
      try {
        sleep(wait);
      } catch (InterruptedException e) {
        // The server may have granted tasks in a response that was lost.
        return endPoll(request);
      }
    }
  }

  private ServerResponse post(PollRequest request, Duration limit)
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
        (int) timeouts.pollWait().toSeconds(),
        PollRequest.MIN_FIRST_REPORT_SECONDS,
        process.id());
  }

  /** Ends an open poll and returns the tasks granted to it; the stopping worker gives them back. */
  private PollResponse endPoll(PollRequest open) throws InterruptedException {
    try {
      ServerResponse response = post(open.withoutWait(), END_POLL_TIMEOUT);
      PollResponse result = response.isOk() ? response.read(PollResponse.class) : null;
      if (result != null && result.tasks() != null) {
        return result;
      }
      LOG.debug("The server did not end the open poll: {}", response.errorDetail());
    } catch (IOException e) {
      LOG.debug("Ending the open poll failed", e);
    }
    throw new InterruptedException("stopped");
  }

  private static Duration max(Duration wait, Optional<Duration> requested) {
    return requested.filter(time -> time.compareTo(wait) > 0).orElse(wait);
  }

  private static void sleep(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped");
      }
    }
  }

  /** Starts a granted task. Returns whether it occupies a slot, which it then releases itself. */
  private boolean begin(PollResponse.Granted granted) {
    RunId run;
    try {
      run = new RunId(granted.task().id(), granted.attempt(), granted.run());
    } catch (RuntimeException e) {
      // Not the task itself: a program that knows its run and claim can report on it.
      LOG.error("Ignoring a granted task without a valid id, attempt and run", e);
      return false;
    }
    try {
      Task task = Task.from(new TaskMessage(granted.task(), granted.document()), run.attempt());
      if (!runs.hasHandler(task.key())) {
        throw new IllegalArgumentException("no handler for key " + task.key());
      }
      runs.begin(
          Lease.ofPoll(run, granted.claimId(), granted.leaseSeconds()),
          task.withTimeout(granted.timeoutSeconds()));
    } catch (RuntimeException e) {
      LOG.error(
          "Cannot execute attempt {} of task {}; ending it with 500", run.attempt(), run.task(), e);
      runs.fail(run, granted.claimId(), "the worker cannot execute the task: " + e.getMessage());
    }
    return true;
  }
}
