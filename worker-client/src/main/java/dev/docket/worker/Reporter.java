package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends all reports of a worker, in order. While one call is in flight, the reporter collects items
 * for the next one. One thread makes the calls and runs the listeners, so listeners must be quick.
 *
 * <p>The reporter sends an item that needs a decision until the server accepts or rejects it. If
 * the server does not decide an item, that item has its own backoff; if the call fails, one backoff
 * applies to all items. If the server rejects a whole call, the reporter splits it in halves until
 * the invalid item is alone in a call.
 */
final class Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  /** Receives the response to an item, or null if there is none. */
  @FunctionalInterface
  interface ResponseListener {
    void onResponse(@Nullable ReportResponse response);
  }

  private final ServerClient server;
  private final WorkerTimeouts timeouts;
  private final Thread thread;
  private final Backoff backoff;
  private final ReportQueue queue = new ReportQueue();

  Reporter(ServerClient server, WorkerTimeouts timeouts, String worker) {
    this.server = server;
    this.timeouts = timeouts;
    this.thread = NamedThreads.daemon(worker, "reports").newThread(this::sendLoop);
    this.backoff = newBackoff();
  }

  private Backoff newBackoff() {
    return new Backoff(timeouts.initialBackoff(), timeouts.maxBackoff());
  }

  void start() {
    thread.start();
  }

  /**
   * Sends an item until the server has decided it.
   *
   * @param needed whether the item still has to be sent; checked before each attempt and by {@link
   *     #dropObsolete}
   * @param listener receives the response, which is a 400 if the item cannot be written as JSON;
   *     receives null if the item is no longer needed or the reporter was closed. May be called
   *     before this method returns
   */
  void send(ReportItem item, BooleanSupplier needed, ResponseListener listener) {
    add(item, needed, newBackoff(), listener);
  }

  /**
   * Sends an item once.
   *
   * @param listener receives the response, or null if the call failed or if too many items are
   *     already waiting. May be called before this method returns
   */
  void sendOnce(ReportItem item, ResponseListener listener) {
    add(item, () -> true, null, listener);
  }

  private void add(
      ReportItem item, BooleanSupplier needed, @Nullable Backoff retry, ResponseListener listener) {
    byte[] json;
    try {
      json = WireJson.write(item);
    } catch (JsonProcessingException e) {
      listener.onResponse(
          rejection(400, "the item cannot be written as JSON: " + e.getOriginalMessage()));
      return;
    }
    ReportEntry entry = new ReportEntry(json, needed, retry, listener);
    if (!queue.add(entry)) {
      entry.complete(null);
    }
  }

  /** Drops items that are no longer needed immediately, instead of before their next attempt. */
  void dropObsolete() {
    queue.takeObsolete().forEach(entry -> entry.complete(null));
  }

  /** Waits until there is nothing to send; false if the limit passes first. */
  boolean flush(Duration limit) throws InterruptedException {
    return queue.awaitEmpty(limit);
  }

  /** Stops immediately. The listeners of all unsent items receive null. */
  void close() {
    List<ReportEntry> unsent = queue.close();
    thread.interrupt();
    unsent.forEach(entry -> entry.complete(null));
  }

  private void sendLoop() {
    List<ReportEntry> batch = List.of();
    try {
      while (true) {
        dropObsolete();
        batch = queue.take();
        if (batch.isEmpty()) {
          return;
        }
        try {
          post(batch);
        } catch (RuntimeException | Error e) {
          LOG.error("Sending a report failed unexpectedly; retrying after a backoff", e);
          requeue(batch, backoff.next());
        }
      }
    } catch (InterruptedException e) {
      batch.stream().filter(entry -> !entry.isCompleted()).forEach(entry -> entry.complete(null));
    }
  }

  private void post(List<ReportEntry> batch) throws InterruptedException {
    ServerResponse response;
    ReportResponse[] responses = {};
    try {
      response = server.post("/worker/report", body(batch), timeouts.callTimeout());
      if (response.isOk()) {
        responses = response.read(ReportResponse[].class);
        if (responses.length != batch.size()) {
          throw new IOException(
              "expected " + batch.size() + " responses but got " + responses.length);
        }
      }
    } catch (IOException e) {
      LOG.debug("A report of {} items failed; retrying after a backoff", batch.size(), e);
      requeue(batch, backoff.next());
      return;
    }
    if (response.isOk()) {
      backoff.reset();
      for (int i = 0; i < responses.length; i++) {
        handleResponse(batch.get(i), responses[i]);
      }
    } else if (response.isRejected() && batch.size() > 1) {
      int middle = batch.size() / 2;
      post(batch.subList(0, middle));
      post(batch.subList(middle, batch.size()));
    } else if (response.isRejected()) {
      LOG.error("The server rejected a report item; dropping the item: {}", response.errorDetail());
      batch
          .get(0)
          .complete(rejection(response.status() == 413 ? 413 : 400, response.errorDetail()));
    } else if (response.isConfigurationError()) {
      requeue(batch, timeouts.configurationErrorDelay());
    } else {
      Duration wait = backoff.next();
      Duration requested = response.retryAfter(Instant.now()).orElse(Duration.ZERO);
      requeue(batch, wait.compareTo(requested) > 0 ? wait : requested);
    }
  }

  private void handleResponse(ReportEntry entry, ReportResponse response) {
    if (!response.undecided() || entry.isSentOnce()) {
      entry.complete(response);
    } else if (!queue.addDelayed(entry)) {
      entry.complete(null);
    }
  }

  /** Requeues the items that need a decision, and delays the next call. */
  private void requeue(List<ReportEntry> batch, Duration wait) {
    List<ReportEntry> retried = new ArrayList<>();
    List<ReportEntry> dropped = new ArrayList<>();
    for (ReportEntry entry : batch) {
      if (!entry.isCompleted()) {
        (entry.isSentOnce() ? dropped : retried).add(entry);
      }
    }
    if (!queue.addFirst(retried, wait)) {
      dropped.addAll(retried);
    }
    dropped.forEach(entry -> entry.complete(null));
  }

  private static byte[] body(List<ReportEntry> batch) {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    for (ReportEntry entry : batch) {
      array.write(array.size() == 0 ? '[' : ',');
      array.writeBytes(entry.json());
    }
    array.write(']');
    return array.toByteArray();
  }

  private static ReportResponse rejection(int status, String why) {
    return new ReportResponse(status, why, null, null, null, null, false);
  }
}
