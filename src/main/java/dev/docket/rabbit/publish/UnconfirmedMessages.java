package dev.docket.rabbit.publish;

import dev.docket.broker.TaskPublisher.Sent;
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
 * The messages between being accepted and having an outcome, in memory and in order. Every one gets
 * exactly one outcome: confirmed; returned, before or after its confirmation or refusal; refused;
 * or too old. What was on a channel that closed goes to the front of those to be written.
 *
 * <p>Does no I/O; safe for threads. Methods that decide return what they decided, for the caller to
 * tell.
 */
final class UnconfirmedMessages {

  /** How long a message is worth trying: less than it takes until another server may try it. */
  static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(20);

  /**
   * Qpid refuses an unroutable message first and returns it when it has worked through all that it
   * had read: within milliseconds, or seconds under load. Whoever is told {@code NOT_NOW} waits
   * longer than this anyway.
   */
  static final Duration RETURN_GRACE = Duration.ofSeconds(5);

  /** A message that closes its channel each time must not take the others along for ever. */
  private static final int MAX_CLOSURES = 3;

  private final int most;
  private final long mostBytes;
  private final Deque<OutboundMessage> waiting = new ArrayDeque<>();
  private final NavigableMap<Long, OutboundMessage> written = new TreeMap<>();
  private final Map<String, OutboundMessage> open = new HashMap<>();
  private int channel;
  private int uncompleted;
  private long bytes;

  UnconfirmedMessages(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** Takes a message in; false if there are enough. */
  synchronized boolean accept(OutboundMessage message, long now) {
    int size = message.body().length;
    if (!hasRoom() || (bytes + size > mostBytes && bytes > 0)) {
      return false;
    }
    message.startDeadline(now + MESSAGE_TIMEOUT.toNanos());
    open.put(message.id(), message);
    uncompleted++;
    bytes += size;
    waiting.addLast(message);
    return true;
  }

  /** Whether one more would be taken in. */
  synchronized boolean hasRoom() {
    return uncompleted < most && bytes < mostBytes;
  }

  /** How many have been taken in and not yet told their outcome. */
  synchronized int size() {
    return uncompleted;
  }

  synchronized boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** The next to be written; null if there is none. */
  synchronized @Nullable OutboundMessage next() {
    OutboundMessage next = waiting.pollFirst();
    while (next != null && next.outcome() != null) {
      next = waiting.pollFirst();
    }
    return next;
  }

  /** A new channel, whose confirmations count from 1; the number is for the calls about it. */
  synchronized int newChannel() {
    return ++channel;
  }

  /** To be called before it is written, for the confirmation may be faster than the writer. */
  synchronized void writing(int onChannel, long number, OutboundMessage message) {
    if (onChannel == channel) {
      written.put(number, message);
    } else {
      waiting.addFirst(message);
    }
  }

  /** The broker has it, and those before it if there are several meant. */
  synchronized List<OutboundMessage> confirmed(int onChannel, long number, boolean multiple) {
    List<OutboundMessage> confirmed = takeOut(onChannel, number, multiple);
    confirmed.forEach(message -> decide(message, Sent.CONFIRMED));
    return confirmed;
  }

  /** The broker does not have it; whether it is coming back will soon be known. */
  synchronized void refused(int onChannel, long number, boolean multiple, long now) {
    for (OutboundMessage message : takeOut(onChannel, number, multiple)) {
      message.shortenDeadline(now + RETURN_GRACE.toNanos());
    }
  }

  /** No queue takes it; empty if it has its outcome already. */
  synchronized List<OutboundMessage> returned(@Nullable String messageId) {
    OutboundMessage message = open.get(messageId);
    if (message == null) {
      return List.of();
    }
    decide(message, Sent.UNROUTABLE);
    return List.of(message);
  }

  /**
   * The channel is closed. What it had not confirmed is to be written again, in its old order.
   *
   * @param byBroker whether the broker closed it because of something on it
   * @return those that have closed too many
   */
  synchronized List<OutboundMessage> closed(int onChannel, boolean byBroker) {
    List<OutboundMessage> given = new ArrayList<>();
    if (onChannel != channel) {
      return given;
    }
    channel++;
    for (OutboundMessage message : written.descendingMap().values()) {
      if (message.outcome() != null) {
        continue;
      }
      if (byBroker && message.countClosure() >= MAX_CLOSURES) {
        decide(message, Sent.NOT_NOW);
        given.add(message);
      } else {
        waiting.addFirst(message);
      }
    }
    written.clear();
    return given;
  }

  /** Gives those up whose time is over. */
  synchronized List<OutboundMessage> expire(long now) {
    List<OutboundMessage> expired = new ArrayList<>();
    for (OutboundMessage message : List.copyOf(open.values())) {
      if (message.deadline() - now <= 0) {
        decide(message, Sent.NOT_NOW);
        expired.add(message);
      }
    }
    if (!expired.isEmpty()) {
      forgetDecided(waiting.iterator());
      forgetDecided(written.values().iterator());
    }
    return expired;
  }

  /** Gives one up, because it cannot be written. */
  synchronized boolean giveUp(OutboundMessage message) {
    if (message.outcome() != null) {
      return false;
    }
    decide(message, Sent.NOT_NOW);
    return true;
  }

  /** Gives all up. */
  synchronized List<OutboundMessage> giveUpAll() {
    List<OutboundMessage> all = List.copyOf(open.values());
    all.forEach(message -> decide(message, Sent.NOT_NOW));
    waiting.clear();
    written.clear();
    return all;
  }

  /** Whoever sent it knows its outcome: its place is free. */
  synchronized void completed(OutboundMessage message) {
    uncompleted--;
    bytes -= message.body().length;
  }

  private List<OutboundMessage> takeOut(int onChannel, long number, boolean multiple) {
    List<OutboundMessage> out = new ArrayList<>();
    if (onChannel != channel) {
      return out;
    }
    NavigableMap<Long, OutboundMessage> meant =
        multiple ? written.headMap(number, true) : written.subMap(number, true, number, true);
    for (OutboundMessage message : meant.values()) {
      if (message.outcome() == null) {
        out.add(message);
      }
    }
    meant.clear();
    return out;
  }

  private void decide(OutboundMessage message, Sent outcome) {
    message.decide(outcome);
    open.remove(message.id());
  }

  private static void forgetDecided(Iterator<OutboundMessage> messages) {
    while (messages.hasNext()) {
      if (messages.next().outcome() != null) {
        messages.remove();
      }
    }
  }
}
