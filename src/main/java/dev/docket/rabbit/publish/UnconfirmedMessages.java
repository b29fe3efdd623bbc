package dev.docket.rabbit.publish;

import dev.docket.broker.TaskPublisher.PublishOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are accepted and have no outcome yet, in memory and in order. Every message
 * gets exactly one outcome: it is confirmed; returned, before or after its confirm or nack; nacked;
 * or expired. When a channel closes, its unconfirmed messages are written again, before the others.
 *
 * <p>Does no I/O; thread-safe. Methods that decide outcomes return the decided messages, whose
 * futures the caller completes.
 */
final class UnconfirmedMessages {

  /**
   * How long the server tries to publish a message. Shorter than the due time of a publish effect,
   * after which another server may publish it.
   */
  static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How long a nacked message waits for a return. Qpid nacks an unroutable message first, and
   * returns it after it has processed everything it had read: within milliseconds, or seconds under
   * load. A caller that gets {@code NOT_NOW} waits longer than this before it tries again.
   */
  static final Duration RETURN_GRACE = Duration.ofSeconds(5);

  /** Limits how often a message that makes the broker close the channel can affect the others. */
  private static final int MAX_CLOSURES = 3;

  private final int maxMessages;
  private final long maxBytes;
  private final Deque<UnconfirmedMessage> waiting = new ArrayDeque<>();
  private final NavigableMap<Long, UnconfirmedMessage> written = new TreeMap<>();
  private final Map<String, UnconfirmedMessage> open = new HashMap<>();
  private int channel;
  private int unreleased;
  private long bytes;

  UnconfirmedMessages(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Accepts a message; false if the limits are reached. */
  synchronized boolean accept(UnconfirmedMessage message, long now) {
    int size = message.size();
    if (!hasRoom() || (bytes + size > maxBytes && bytes > 0)) {
      return false;
    }
    message.deadline = now + MESSAGE_TIMEOUT.toNanos();
    open.put(message.id, message);
    unreleased++;
    bytes += size;
    waiting.addLast(message);
    return true;
  }

  /** Whether another message would be accepted. */
  synchronized boolean hasRoom() {
    return unreleased < maxMessages && bytes < maxBytes;
  }

  /** The number of messages that are accepted and not yet released. */
  synchronized int size() {
    return unreleased;
  }

  synchronized boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** Removes the next message to write; null if there is none. */
  synchronized @Nullable UnconfirmedMessage next() {
    UnconfirmedMessage next = waiting.pollFirst();
    while (next != null && next.outcome != null) {
      next = waiting.pollFirst();
    }
    return next;
  }

  /**
   * Registers a new channel, whose delivery tags start at 1; returns a number that identifies it.
   */
  synchronized int newChannel() {
    return ++channel;
  }

  /**
   * Called before a message is written, because its confirm may arrive before the write returns.
   */
  synchronized void beforeWrite(int onChannel, long tag, UnconfirmedMessage message) {
    if (onChannel == channel) {
      written.put(tag, message);
    } else {
      waiting.addFirst(message);
    }
  }

  /** Handles a confirm; with {@code multiple} it also confirms all messages before this one. */
  synchronized List<UnconfirmedMessage> confirmed(int onChannel, long tag, boolean multiple) {
    List<UnconfirmedMessage> confirmed = removeWritten(onChannel, tag, multiple);
    confirmed.forEach(message -> decide(message, PublishOutcome.CONFIRMED));
    return confirmed;
  }

  /** Handles a nack. The outcome is still open: the broker may also return the message. */
  synchronized void nacked(int onChannel, long tag, boolean multiple, long now) {
    for (UnconfirmedMessage message : removeWritten(onChannel, tag, multiple)) {
      message.rejected = true;
      message.shortenDeadline(now + RETURN_GRACE.toNanos());
    }
  }

  /** Handles a returned message; the list is empty if the message already has an outcome. */
  synchronized List<UnconfirmedMessage> returned(@Nullable String messageId) {
    UnconfirmedMessage message = open.get(messageId);
    if (message == null) {
      return List.of();
    }
    decide(message, PublishOutcome.UNROUTABLE);
    return List.of(message);
  }

  /**
   * Handles a closed channel. Its unconfirmed messages are queued again, in their original order.
   *
   * @param byBroker whether the broker closed the channel because of an error on it
   * @return messages that are given up because they were on too many closed channels
   */
  synchronized List<UnconfirmedMessage> closed(int onChannel, boolean byBroker) {
    List<UnconfirmedMessage> givenUp = new ArrayList<>();
    if (onChannel != channel) {
      return givenUp;
    }
    channel++;
    for (UnconfirmedMessage message : written.descendingMap().values()) {
      if (message.outcome != null) {
        continue;
      }
      if (byBroker && ++message.closures >= MAX_CLOSURES) {
        decide(message, PublishOutcome.NOT_NOW);
        givenUp.add(message);
      } else {
        waiting.addFirst(message);
      }
    }
    written.clear();
    return givenUp;
  }

  /** Gives up messages whose deadline has passed. */
  synchronized List<UnconfirmedMessage> expire(long now) {
    List<UnconfirmedMessage> expired = new ArrayList<>();
    for (UnconfirmedMessage message : List.copyOf(open.values())) {
      if (message.deadline - now <= 0) {
        decide(message, PublishOutcome.NOT_NOW);
        expired.add(message);
      }
    }
    if (!expired.isEmpty()) {
      removeDecided(waiting.iterator());
      removeDecided(written.values().iterator());
    }
    return expired;
  }

  /** Gives up a message that cannot be written. */
  synchronized boolean giveUp(UnconfirmedMessage message) {
    if (message.outcome != null) {
      return false;
    }
    decide(message, PublishOutcome.NOT_NOW);
    return true;
  }

  /** Gives up all messages. */
  synchronized List<UnconfirmedMessage> giveUpAll() {
    List<UnconfirmedMessage> all = List.copyOf(open.values());
    all.forEach(message -> decide(message, PublishOutcome.NOT_NOW));
    waiting.clear();
    written.clear();
    return all;
  }

  /** Frees the capacity of a message, after its future was completed. */
  synchronized void release(UnconfirmedMessage message) {
    unreleased--;
    bytes -= message.size();
  }

  private List<UnconfirmedMessage> removeWritten(int onChannel, long tag, boolean multiple) {
    List<UnconfirmedMessage> removed = new ArrayList<>();
    if (onChannel != channel) {
      return removed;
    }
    NavigableMap<Long, UnconfirmedMessage> range =
        multiple ? written.headMap(tag, true) : written.subMap(tag, true, tag, true);
    for (UnconfirmedMessage message : range.values()) {
      if (message.outcome == null) {
        removed.add(message);
      }
    }
    range.clear();
    return removed;
  }

  private void decide(UnconfirmedMessage message, PublishOutcome outcome) {
    message.outcome = outcome;
    open.remove(message.id);
  }

  private static void removeDecided(Iterator<UnconfirmedMessage> messages) {
    while (messages.hasNext()) {
      if (messages.next().outcome != null) {
        messages.remove();
      }
    }
  }
}
