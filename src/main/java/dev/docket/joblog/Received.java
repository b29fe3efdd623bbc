package dev.docket.joblog;

import java.util.ArrayList;
import java.util.List;

/**
 * Which numbered entries of a worker a log has received, so that it recognizes repetitions also
 * when appends overtake each other.
 *
 * @param next the number after the highest one received
 * @param gaps the ranges below it that were not received, at most {@link #MAX_GAPS}; beyond that
 *     the lowest ones are taken for received
 */
public record Received(long next, List<Gap> gaps) {

  /** Nothing. */
  public static final Received NONE = new Received(0, List.of());

  static final int MAX_GAPS = 16;

  /**
   * A range of numbers.
   *
   * @param to exclusive
   */
  public record Gap(long from, long to) {}

  public Received {
    gaps = List.copyOf(gaps);
  }

  boolean contains(long number) {
    return number < next
        && gaps.stream().noneMatch(gap -> gap.from() <= number && number < gap.to());
  }

  /** With a further range of numbers. */
  Received with(long first, long end) {
    List<Gap> remaining = new ArrayList<>();
    for (Gap gap : gaps) {
      add(remaining, gap.from(), Math.min(gap.to(), first));
      add(remaining, Math.max(gap.from(), end), gap.to());
    }
    add(remaining, next, first);
    int lowest = Math.max(0, remaining.size() - MAX_GAPS);
    return new Received(Math.max(next, end), remaining.subList(lowest, remaining.size()));
  }

  private static void add(List<Gap> gaps, long from, long to) {
    if (from < to) {
      gaps.add(new Gap(from, to));
    }
  }
}
