package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
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
 * Everything that the worker says goes through here, in the order in which it was said: while one
 * call is in flight the next collects. One thread calls; it is also the one that tells the answers,
 * so who hears them must be quick.
 *
 * <p>What must be decided is sent again until the server has taken or refused it: with a growing
 * wait of its own if the server did not decide that item, with one for all if the call failed. A
 * call that is refused as a whole is cut in halves until the item that is to blame stands alone.
 */
final class Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  /** Hears what became of an item: the answer, or null for none. */
  @FunctionalInterface
  interface Answered {
    void hear(@Nullable ReportAnswer answer);
  }

  private final ServerClient server;
  private final WorkerTimeouts timing;
  private final Thread thread;
  private final Backoff backoff;
  private final ReportQueue queue = new ReportQueue();

  Reporter(ServerClient server, WorkerTimeouts timing, String worker) {
    this.server = server;
    this.timing = timing;
    this.thread = NamedThreads.daemon(worker, "reports").newThread(this::work);
    this.backoff = newBackoff();
  }

  private Backoff newBackoff() {
    return new Backoff(timing.firstRetry(), timing.lastRetry());
  }

  void start() {
    thread.start();
  }

  /**
   * Sends until the server has decided.
   *
   * @param wanted asked each time before it is sent, and by {@link #sweep}
   * @param answered gets the answer, which for an item that cannot be written as JSON is a 400;
   *     null if it was not wanted any more or the reporter was closed. May be called before this
   *     returns
   */
  void send(ReportItem item, BooleanSupplier wanted, Answered answered) {
    add(item, wanted, newBackoff(), answered);
  }

  /**
   * Sends once.
   *
   * @param answered gets the answer; null if that did not work, or if too much is waiting already.
   *     May be called before this returns
   */
  void sendOnce(ReportItem item, Answered answered) {
    add(item, () -> true, null, answered);
  }

  private void add(
      ReportItem item, BooleanSupplier wanted, @Nullable Backoff retry, Answered answered) {
    byte[] json;
    try {
      json = WireJson.write(item);
    } catch (JsonProcessingException unwritable) {
      answered.hear(
          refusal(400, "it cannot be written as JSON: " + unwritable.getOriginalMessage()));
      return;
    }
    ReportEntry entry = new ReportEntry(json, wanted, retry, answered);
    if (!queue.add(entry)) {
      entry.complete(null);
    }
  }

  /** Lets go at once of what is not wanted any more, and not only when it would be sent. */
  void sweep() {
    queue.takeUnwanted().forEach(entry -> entry.complete(null));
  }

  /** Waits until nothing is left to send; false if the limit came first. */
  boolean flush(Duration limit) throws InterruptedException {
    return queue.awaitEmpty(limit);
  }

  /** Ends at once; nobody hears of what was not sent but that there is no answer. */
  void close() {
    List<ReportEntry> left = queue.close();
    thread.interrupt();
    left.forEach(entry -> entry.complete(null));
  }

  private void work() {
    List<ReportEntry> batch = List.of();
    try {
      while (true) {
        sweep();
        batch = queue.take();
        if (batch.isEmpty()) {
          return;
        }
        try {
          deliver(batch);
        } catch (RuntimeException | Error bug) {
          LOG.error("a report has failed, trying again", bug);
          again(batch, backoff.next());
        }
      }
    } catch (InterruptedException closing) {
      batch.stream().filter(entry -> !entry.isCompleted()).forEach(entry -> entry.complete(null));
    }
  }

  private void deliver(List<ReportEntry> batch) throws InterruptedException {
    ServerReply reply;
    ReportAnswer[] answers = {};
    try {
      reply = server.post("/worker/report", body(batch), timing.callLimit());
      if (reply.taken()) {
        answers = reply.read(ReportAnswer[].class);
        if (answers.length != batch.size()) {
          throw new IOException(answers.length + " answers to " + batch.size() + " items");
        }
      }
    } catch (IOException unanswered) {
      LOG.debug("a report of {} items got no answer", batch.size(), unanswered);
      again(batch, backoff.next());
      return;
    }
    if (reply.taken()) {
      backoff.reset();
      for (int i = 0; i < answers.length; i++) {
        answer(batch.get(i), answers[i]);
      }
    } else if (reply.refused() && batch.size() > 1) {
      int middle = batch.size() / 2;
      deliver(batch.subList(0, middle));
      deliver(batch.subList(middle, batch.size()));
    } else if (reply.refused()) {
      LOG.error("the server refuses a report: {}", reply.why());
      batch.get(0).complete(refusal(reply.status() == 413 ? 413 : 400, reply.why()));
    } else if (reply.hopeless()) {
      again(batch, timing.slowRetry());
    } else {
      Duration wait = backoff.next();
      Duration asked = reply.retryAfter(Instant.now()).orElse(Duration.ZERO);
      again(batch, wait.compareTo(asked) > 0 ? wait : asked);
    }
  }

  private void answer(ReportEntry entry, ReportAnswer answer) {
    if (!answer.again() || entry.isSentOnce()) {
      entry.complete(answer);
    } else if (!queue.addLater(entry)) {
      entry.complete(null);
    }
  }

  /** Puts back what must be decided, and waits before the next call. */
  private void again(List<ReportEntry> batch, Duration wait) {
    List<ReportEntry> kept = new ArrayList<>();
    List<ReportEntry> dropped = new ArrayList<>();
    for (ReportEntry entry : batch) {
      if (!entry.isCompleted()) {
        (entry.isSentOnce() ? dropped : kept).add(entry);
      }
    }
    if (!queue.addFirst(kept, wait)) {
      dropped.addAll(kept);
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

  private static ReportAnswer refusal(int status, String why) {
    return new ReportAnswer(status, why, null, null, null, null, false);
  }
}
