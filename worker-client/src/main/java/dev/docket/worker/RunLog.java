package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.LogLine;
import dev.docket.wire.ReportResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends the log lines of one run. Adding a line never waits: the buffer is bounded, and drops its
 * oldest lines if the server does not take them fast enough. While the run lasts, one item is in
 * flight at a time; at its end all remaining lines are sent before the end itself. The lines are
 * numbered, so that the server recognizes a repetition. Thread-safe.
 */
final class RunLog {

  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  /** Limits of the buffer. */
  static final int MAX_LINES = 20_000;

  static final int MAX_CHARS = 2 * 1024 * 1024;

  /** Limits of one item. The server takes 1,000 lines and 1 MiB. */
  static final int ITEM_LINES = 500;

  static final int ITEM_CHARS = 128 * 1024;

  /** Limits of one text and of each of its lines. */
  static final int MAX_TEXT_LENGTH = 256 * 1024;

  static final int MAX_LINE_LENGTH = 8 * 1024;

  /** How long after the end of the run its last lines are sent again. */
  private static final Duration RETRY_AFTER_END = Duration.ofSeconds(30);

  private static final Pattern LINE_BREAK = Pattern.compile("\r\n|[\r\n]");
  private static final String CUT = " … [cut by the worker]";

  private final RunItems items;
  private final Reporter reporter;
  private final LogMemory memory;
  private final Clock clock;
  private final long intervalNanos;

  /**
   * Held while an item is taken and sent, so that items are sent in order, and all of them before
   * the end of the run. Taken before this object's own lock, which the reporter takes too, and
   * which must not delay a handler that adds a line.
   */
  private final Object sending = new Object();

  /** Guarded by this, as are the fields below. */
  private final Deque<LogLine> buffer = new ArrayDeque<>();

  private int bufferedChars;
  private long dropped;
  private long sent;
  private int inFlight;
  private long lastSentAt;
  private long endedAt;
  private boolean ended;
  private boolean unsupported;

  RunLog(
      RunItems items, Reporter reporter, LogMemory memory, WorkerTimeouts timeouts, Clock clock) {
    this.items = items;
    this.reporter = reporter;
    this.memory = memory;
    this.clock = clock;
    this.intervalNanos = timeouts.progressInterval().toNanos();
    this.lastSentAt = System.nanoTime();
  }

  /** Adds text of one line or several. Ignored after the end of the run. */
  void add(Level level, @Nullable String text) {
    String at = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    String whole = cut(text == null ? "null" : text, MAX_TEXT_LENGTH);
    String[] lines = LINE_BREAK.split(whole, -1);
    int count = lines.length > 1 && lines[lines.length - 1].isEmpty() ? -1 : 0;
    for (int i = 0; i < lines.length + count; i++) {
      add(new LogLine(at, level.name(), PlainText.valid(cut(lines[i], MAX_LINE_LENGTH))));
    }
  }

  private static String cut(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + CUT;
  }

  private synchronized void add(LogLine line) {
    if (ended || unsupported) {
      return;
    }
    int chars = line.message().length();
    while (!buffer.isEmpty() && (buffer.size() >= MAX_LINES || bufferedChars + chars > MAX_CHARS)) {
      dropOldest();
    }
    boolean fits = memory.take(chars);
    while (!fits && !buffer.isEmpty()) {
      dropOldest();
      fits = memory.take(chars);
    }
    if (fits) {
      buffer.add(line);
      bufferedChars += chars;
    } else {
      dropped++;
    }
  }

  private void dropOldest() {
    int chars = buffer.remove().message().length();
    bufferedChars -= chars;
    memory.free(chars);
    dropped++;
  }

  /** Sends lines if they are due. */
  void tick(long now) {
    synchronized (this) {
      boolean due = now - lastSentAt >= intervalNanos || isItemFull();
      if (inFlight > 0 || !due || isEmpty()) {
        return;
      }
      lastSentAt = now;
    }
    sendNext();
  }

  /** Sends all remaining lines, before the caller sends the end of the run. */
  void end() {
    synchronized (this) {
      if (!ended) {
        endedAt = System.nanoTime();
      }
      ended = true;
    }
    while (sendNext()) {
      // Each call sends one item.
    }
  }

  private boolean isItemFull() {
    return buffer.size() >= ITEM_LINES || bufferedChars >= ITEM_CHARS;
  }

  private boolean isEmpty() {
    return buffer.isEmpty() && dropped == 0;
  }

  /** Sends one item; false if there is nothing to send. */
  private boolean sendNext() {
    synchronized (sending) {
      List<LogLine> lines = new ArrayList<>();
      ReportItem item;
      int chars;
      synchronized (this) {
        chars = takeItem(lines);
        if (lines.isEmpty()) {
          return false;
        }
        item = items.log(sent, lines);
        sent += lines.size();
        inFlight++;
      }
      reporter.send(item, this::isNeeded, response -> onResponse(chars, lines.size(), response));
      return true;
    }
  }

  /** Moves the lines of the next item from the buffer to a list; returns their characters. */
  private int takeItem(List<LogLine> lines) {
    if (dropped > 0) {
      lines.add(droppedNote());
      dropped = 0;
    }
    int chars = 0;
    while (!buffer.isEmpty()
        && lines.size() < ITEM_LINES
        && (chars == 0 || chars + buffer.element().message().length() <= ITEM_CHARS)) {
      LogLine line = buffer.remove();
      chars += line.message().length();
      lines.add(line);
    }
    bufferedChars -= chars;
    return chars;
  }

  private LogLine droppedNote() {
    return new LogLine(
        clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(),
        Level.WARN.name(),
        "[dropped lines: " + dropped + "; they came faster than the server took them]");
  }

  private synchronized boolean isNeeded() {
    return !ended || System.nanoTime() - endedAt < RETRY_AFTER_END.toNanos();
  }

  private void onResponse(int chars, int lines, @Nullable ReportResponse response) {
    memory.free(chars);
    boolean rejected = response != null && response.status() == 400;
    boolean more;
    synchronized (this) {
      inFlight--;
      more = inFlight == 0 && isItemFull();
      if (rejected) {
        // A server of an earlier release keeps no logs.
        unsupported = true;
        memory.free(bufferedChars);
        bufferedChars = 0;
        buffer.clear();
      }
    }
    if (response == null || !response.accepted()) {
      LOG.warn(
          "The server did not take {} log lines of task {}; dropping {}: {}",
          lines,
          items.run().task(),
          rejected ? "all lines of the run" : "them",
          response == null ? "no response" : response.why());
    }
    if (more && response != null) {
      sendNext();
    }
  }
}
