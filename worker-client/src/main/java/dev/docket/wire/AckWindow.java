package dev.docket.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Tracks the deliveries of a channel and decides how to acknowledge them. All deliveries below the
 * first undecided one are acknowledged together. A delivery that takes long does not delay others:
 * decided deliveries above it are acknowledged one by one. Not thread-safe.
 */
public final class AckWindow {

  private final NavigableSet<Long> undecided = new TreeSet<>();
  private final NavigableSet<Long> decided = new TreeSet<>();

  /**
   * An acknowledgement to send.
   *
   * @param multiple whether it also acknowledges all earlier deliveries
   */
  public record Ack(long tag, boolean multiple) {}

  /** Records a new delivery. */
  public void delivered(long tag) {
    undecided.add(tag);
  }

  /** Marks a delivery as ready to be acknowledged. */
  public void decided(long tag) {
    if (undecided.remove(tag)) {
      decided.add(tag);
    }
  }

  /** Removes a delivery that was rejected and needs no acknowledgement. */
  public void rejected(long tag) {
    undecided.remove(tag);
  }

  /** Whether no delivery is undecided or waits for its acknowledgement. */
  public boolean isEmpty() {
    return undecided.isEmpty() && decided.isEmpty();
  }

  /** Removes and returns all acknowledgements that can be sent now. */
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
