package dev.docket.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);
  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_WAITING_ONCE = 5_000;

  private final ServerClient server;
  private final Timing timing;
  private final Thread thread;
  private final Backoff backoff;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final PriorityQueue<Entry> later =
      new PriorityQueue<>(Comparator.comparingLong((Entry entry) -> entry.due));
  private long pausedUntil = System.nanoTime();
  private int inFlight;
  private boolean closed;

  Reporter(ServerClient server, Timing timing, String worker) {
    this.server = server;
    this.timing = timing;
    this.thread = NamedThreads.daemon(worker, "reports").newThread(this::work);
    this.backoff = new Backoff(timing.firstRetry(), timing.lastRetry());
  }

  void start() {
    thread.start();
  }

  /**
   * Sends until the server has decided.
   *
   * @param wanted asked each time before it is sent
   * @param answered gets the answer, which for an item that cannot be written as JSON is a 400;
   *     null if it was not wanted any more or the reporter was closed. May be called before this
   *     returns
   */
  void send(ReportItem item, BooleanSupplier wanted, Answered answered) {
    add(item, new Entry(wanted, new Backoff(timing.firstRetry(), timing.lastRetry()), answered));
  }

  /**
   * Sends once.
   *
   * @param answered gets the answer; null if that did not work, or if too much is waiting already.
   *     May be called before this returns
   */
  void sendOnce(ReportItem item, Answered answered) {
    add(item, new Entry(() -> true, null, answered));
  }

  /** Waits until nothing is left to send; false if the limit came first. */
  boolean flush(Duration limit) throws InterruptedException {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!waiting.isEmpty() || !later.isEmpty() || inFlight > 0) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends at once; what was not sent fails. */
  void close() {
    List<Entry> left = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      left.addAll(waiting);
      left.addAll(later);
      waiting.clear();
      later.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    left.forEach(entry -> entry.tell(null));
  }

  private void add(ReportItem item, Entry entry) {
    try {
      entry.json = WireJson.write(item);
    } catch (JsonProcessingException unwritable) {
      entry.tell(refusal(400, "it cannot be written as JSON: " + unwritable.getOriginalMessage()));
      return;
    }
    if (!enqueue(entry)) {
      entry.tell(null);
    }
  }

  private boolean enqueue(Entry entry) {
    lock.lock();
    try {
      if (closed || (entry.retry == null && waiting.size() >= MAX_WAITING_ONCE)) {
        return false;
      }
      waiting.add(entry);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      while (true) {
        List<Entry> batch = next();
        if (batch.isEmpty()) {
          return;
        }
        try {
          deliver(batch);
        } catch (RuntimeException | Error bug) {
          log.error("a report has failed, trying again", bug);
          again(batch, backoff.next());
        }
        landed();
      }
    } catch (InterruptedException closing) {
      log.debug("no more reports", closing);
    }
  }

  /** Waits for something to send; empty once closed. */
  private List<Entry> next() throws InterruptedException {
    List<Entry> unwanted = new ArrayList<>();
    List<Entry> batch = new ArrayList<>();
    while (batch.isEmpty()) {
      lock.lockInterruptibly();
      try {
        while (!closed) {
          long now = System.nanoTime();
          while (!later.isEmpty() && later.element().due - now <= 0) {
            waiting.add(later.remove());
          }
          long pause = pausedUntil - now;
          if (!waiting.isEmpty() && pause <= 0) {
            break;
          }
          if (!waiting.isEmpty()) {
            changed.awaitNanos(pause);
          } else if (!later.isEmpty()) {
            changed.awaitNanos(later.element().due - now);
          } else {
            changed.await();
          }
        }
        if (closed) {
          return List.of();
        }
        collect(batch, unwanted);
        inFlight = batch.size();
      } finally {
        lock.unlock();
      }
      unwanted.forEach(entry -> entry.tell(null));
      unwanted.clear();
      if (batch.isEmpty()) {
        landed();
      }
    }
    return batch;
  }

  private void collect(List<Entry> batch, List<Entry> unwanted) {
    long bytes = 0;
    while (!waiting.isEmpty() && batch.size() < ReportItem.MAX_ITEMS) {
      Entry entry = waiting.element();
      if (!entry.wanted.getAsBoolean()) {
        unwanted.add(waiting.remove());
        continue;
      }
      bytes += entry.json.length;
      if (!batch.isEmpty() && bytes > MAX_BYTES) {
        return;
      }
      batch.add(waiting.remove());
    }
  }

  private void landed() {
    lock.lock();
    try {
      inFlight = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void deliver(List<Entry> batch) throws InterruptedException {
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
      log.debug("a report of {} items got no answer", batch.size(), unanswered);
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
      int status = reply.status() == 413 ? 413 : 400;
      log.error("the server refuses a report: {}", reply.why());
      batch.get(0).tell(refusal(status, reply.why()));
    } else if (reply.hopeless()) {
      again(batch, timing.slowRetry());
    } else {
      Duration wait = backoff.next();
      Duration asked = reply.retryAfter(Instant.now()).orElse(Duration.ZERO);
      again(batch, wait.compareTo(asked) > 0 ? wait : asked);
    }
  }

  private void answer(Entry entry, ReportAnswer answer) {
    if (!answer.again() || entry.retry == null) {
      entry.tell(answer);
      return;
    }
    lock.lock();
    try {
      if (!closed) {
        entry.due = System.nanoTime() + entry.retry.next().toNanos();
        later.add(entry);
        return;
      }
    } finally {
      lock.unlock();
    }
    entry.tell(null);
  }

  /** Puts back what must be decided, in front and in order, and waits before the next call. */
  private void again(List<Entry> batch, Duration wait) {
    List<Entry> given = new ArrayList<>();
    lock.lock();
    try {
      pausedUntil = System.nanoTime() + wait.toNanos();
      for (int i = batch.size() - 1; i >= 0; i--) {
        Entry entry = batch.get(i);
        if (entry.told) {
          continue;
        }
        if (entry.retry == null || closed) {
          given.add(entry);
        } else {
          waiting.addFirst(entry);
        }
      }
    } finally {
      lock.unlock();
    }
    given.forEach(entry -> entry.tell(null));
  }

  private static byte[] body(List<Entry> batch) {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    for (Entry entry : batch) {
      array.write(array.size() == 0 ? '[' : ',');
      array.writeBytes(entry.json);
    }
    array.write(']');
    return array.toByteArray();
  }

  private static ReportAnswer refusal(int status, String why) {
    return new ReportAnswer(status, why, null, null, null, null, false);
  }

  /** Hears what became of an item. */
  @FunctionalInterface
  interface Answered {
    void hear(@Nullable ReportAnswer answer);
  }

  /** An item and who waits for its answer; one without a back-off of its own is sent once. */
  private static final class Entry {
    private final BooleanSupplier wanted;
    private final @Nullable Backoff retry;
    private final Answered answered;
    private byte[] json = {};
    private long due;
    private volatile boolean told;

    Entry(BooleanSupplier wanted, @Nullable Backoff retry, Answered answered) {
      this.wanted = wanted;
      this.retry = retry;
      this.answered = answered;
    }

    void tell(@Nullable ReportAnswer answer) {
      told = true;
      try {
        answered.hear(answer);
      } catch (RuntimeException | Error bug) {
        log.error("an answer could not be worked on: {}", answer, bug);
      }
    }
  }
}
