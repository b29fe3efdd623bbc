package dev.docket.rabbit.publish;

import dev.docket.broker.TaskCourier.Sent;
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
final class Unconfirmed {

  /** How long a message is worth trying: less than it takes until another server may try it. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * Qpid refuses an unroutable message first and returns it when it has worked through all that it
   * had read: within milliseconds, or seconds under load. Whoever is told {@code NOT_NOW} waits
   * longer than this anyway.
   */
  static final Duration RETURN_GRACE = Duration.ofSeconds(5);

  /** A message that closes its channel each time must not take the others along for ever. */
  private static final int MOST_CLOSURES = 3;

  private final int most;
  private final long mostBytes;
  private final Deque<Shipment> waiting = new ArrayDeque<>();
  private final NavigableMap<Long, Shipment> written = new TreeMap<>();
  private final Map<String, Shipment> open = new HashMap<>();
  private int channel;
  private int untold;
  private long bytes;

  Unconfirmed(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** Takes a message in; null if there are enough. */
  synchronized @Nullable Shipment accept(Parcel parcel, long now) {
    int size = parcel.body().length;
    if (!hasRoom() || (bytes + size > mostBytes && bytes > 0)) {
      return null;
    }
    Shipment shipment = new Shipment(parcel, now + PATIENCE.toNanos());
    open.put(parcel.id(), shipment);
    untold++;
    bytes += size;
    waiting.addLast(shipment);
    return shipment;
  }

  /** Whether one more would be taken in. */
  synchronized boolean hasRoom() {
    return untold < most && bytes < mostBytes;
  }

  /** How many have been taken in and not yet told their outcome. */
  synchronized int size() {
    return untold;
  }

  synchronized boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** The next to be written; null if there is none. */
  synchronized @Nullable Shipment next() {
    Shipment next = waiting.pollFirst();
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
  synchronized void writing(int onChannel, long number, Shipment shipment) {
    if (onChannel == channel) {
      written.put(number, shipment);
    } else {
      waiting.addFirst(shipment);
    }
  }

  /** The broker has it, and those before it if there are several meant. */
  synchronized List<Shipment> confirmed(int onChannel, long number, boolean multiple) {
    List<Shipment> confirmed = takeOut(onChannel, number, multiple);
    confirmed.forEach(shipment -> decide(shipment, Sent.CONFIRMED));
    return confirmed;
  }

  /** The broker does not have it; whether it is coming back will soon be known. */
  synchronized void refused(int onChannel, long number, boolean multiple, long now) {
    for (Shipment shipment : takeOut(onChannel, number, multiple)) {
      shipment.deadline(now + RETURN_GRACE.toNanos());
    }
  }

  /** No queue takes it; empty if it has its outcome already. */
  synchronized List<Shipment> returned(@Nullable String messageId) {
    Shipment shipment = open.get(messageId);
    if (shipment == null) {
      return List.of();
    }
    decide(shipment, Sent.UNROUTABLE);
    return List.of(shipment);
  }

  /**
   * The channel is closed. What it had not confirmed is to be written again, in its old order.
   *
   * @param byBroker whether the broker closed it because of something on it
   * @return those that have closed too many
   */
  synchronized List<Shipment> closed(int onChannel, boolean byBroker) {
    List<Shipment> given = new ArrayList<>();
    if (onChannel != channel) {
      return given;
    }
    channel++;
    for (Shipment shipment : written.descendingMap().values()) {
      if (shipment.outcome() != null) {
        continue;
      }
      if (byBroker && shipment.anotherClosure() >= MOST_CLOSURES) {
        decide(shipment, Sent.NOT_NOW);
        given.add(shipment);
      } else {
        waiting.addFirst(shipment);
      }
    }
    written.clear();
    return given;
  }

  /** Gives those up whose time is over. */
  synchronized List<Shipment> expire(long now) {
    List<Shipment> expired = new ArrayList<>();
    for (Shipment shipment : List.copyOf(open.values())) {
      if (shipment.deadline() - now <= 0) {
        decide(shipment, Sent.NOT_NOW);
        expired.add(shipment);
      }
    }
    if (!expired.isEmpty()) {
      forgetDecided(waiting.iterator());
      forgetDecided(written.values().iterator());
    }
    return expired;
  }

  /** Gives one up, because it cannot be written. */
  synchronized boolean giveUp(Shipment shipment) {
    if (shipment.outcome() != null) {
      return false;
    }
    decide(shipment, Sent.NOT_NOW);
    return true;
  }

  /** Gives all up. */
  synchronized List<Shipment> giveUpAll() {
    List<Shipment> all = List.copyOf(open.values());
    all.forEach(shipment -> decide(shipment, Sent.NOT_NOW));
    waiting.clear();
    written.clear();
    return all;
  }

  /** Whoever sent it knows its outcome: its place is free. */
  synchronized void told(Shipment shipment) {
    untold--;
    bytes -= shipment.parcel().body().length;
  }

  private List<Shipment> takeOut(int onChannel, long number, boolean multiple) {
    List<Shipment> out = new ArrayList<>();
    if (onChannel != channel) {
      return out;
    }
    NavigableMap<Long, Shipment> meant =
        multiple ? written.headMap(number, true) : written.subMap(number, true, number, true);
    for (Shipment shipment : meant.values()) {
      if (shipment.outcome() == null) {
        out.add(shipment);
      }
    }
    meant.clear();
    return out;
  }

  private void decide(Shipment shipment, Sent outcome) {
    shipment.outcome(outcome);
    open.remove(shipment.parcel().id());
  }

  private static void forgetDecided(Iterator<Shipment> shipments) {
    while (shipments.hasNext()) {
      if (shipments.next().outcome() != null) {
        shipments.remove();
      }
    }
  }
}
