package dev.docket.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which deliveries of a channel may be acknowledged together: those below the first that is still
 * undecided. One that takes long holds up no other: what is decided above it is acknowledged one by
 * one. Not safe for threads.
 */
public final class AckWindow {

  private final NavigableSet<Long> undecided = new TreeSet<>();
  private final NavigableSet<Long> decided = new TreeSet<>();

  /**
   * An acknowledgement to be sent.
   *
   * @param multiple whether it is also for all before it
   */
  public record Ack(long tag, boolean multiple) {}

  /** It came. */
  public void delivered(long tag) {
    undecided.add(tag);
  }

  /** It may be acknowledged. */
  public void decided(long tag) {
    if (undecided.remove(tag)) {
      decided.add(tag);
    }
  }

  /** It was given back or thrown away: there is nothing to be acknowledged. */
  public void settled(long tag) {
    undecided.remove(tag);
  }

  /** Whether nothing is left to be decided or to be acknowledged. */
  public boolean isEmpty() {
    return undecided.isEmpty() && decided.isEmpty();
  }

  /** Takes out all that can be acknowledged now. */
  public List<Ack> take() {
    List<Ack> acks = new ArrayList<>();
    NavigableSet<Long> below =
        undecided.isEmpty() ? decided : decided.headSet(undecided.first(), false);
    if (!below.isEmpty()) {
      acks.add(new Ack(below.last(), true));
      below.clear();
    }
    decided.forEach(tag -> acks.add(new Ack(tag, false)));
    decided.clear();
    return acks;
  }
}
