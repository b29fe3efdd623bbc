package dev.docket.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What is to be broken, and when; made of the seed alone. */
record FaultPlan(List<Planned> faults) {

  private static final int MAX_CONCURRENT = 2;

  /** Backends are slow to come back, so they are hit less often than the rest. */
  private static final int BACKENDS_ONE_IN = 4;

  /** A fault and its time, from the beginning. */
  record Planned(Duration at, Fault fault) {
    Duration until() {
      // Whoever starts again takes its time.
      return at.plus(fault.time()).plusSeconds(2);
    }
  }

  static FaultPlan of(Settings settings) {
    Random random = new Random(settings.seed());
    List<Fault.Kind> kinds = weighted(settings);
    List<Planned> planned = new ArrayList<>();
    Duration at = Duration.ofSeconds(3);
    while (at.compareTo(settings.length()) < 0 && !kinds.isEmpty()) {
      Fault fault = fault(kinds.get(random.nextInt(kinds.size())), random);
      if (fits(planned, fault, at)) {
        planned.add(new Planned(at, fault));
        at = at.plusMillis(random.nextInt(2_000));
      }
      at = at.plusMillis(500 + random.nextInt(2_000));
    }
    return new FaultPlan(List.copyOf(planned));
  }

  private static List<Fault.Kind> weighted(Settings settings) {
    List<Fault.Kind> kinds = new ArrayList<>();
    for (Fault.Kind kind : Fault.Kind.values()) {
      int weight =
          switch (kind) {
            case KILL, CUT -> 6;
            case STOP -> 5;
            case PURGE, DELETE -> 3;
            case WIPE -> 2;
            case TERM, EXCHANGE -> 1;
          };
      for (int i = 0; settings.kinds().contains(kind) && i < weight; i++) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  private static boolean fits(List<Planned> planned, Fault fault, Duration at) {
    List<Planned> open = planned.stream().filter(p -> p.until().compareTo(at) > 0).toList();
    return open.size() < MAX_CONCURRENT
        && open.stream().noneMatch(p -> p.fault().target().equals(fault.target()));
  }

  private static Fault fault(Fault.Kind kind, Random random) {
    return switch (kind) {
      case KILL -> new Fault.Kill(anyone(random), between(random, 0, 4));
      case TERM -> new Fault.Term(pick(random, Installation.SERVERS), between(random, 0, 2));
      case STOP -> {
        String target = anyone(random);
        yield Installation.BACKENDS.contains(target)
            ? new Fault.Stop(target, between(random, 2, 5))
            : new Fault.Stop(target, between(random, 8, 12));
      }
      case CUT -> {
        List<CutProxy.Mode> modes =
            Arrays.stream(CutProxy.Mode.values()).filter(m -> m != CutProxy.Mode.OPEN).toList();
        yield new Fault.Cut(
            pick(random, Installation.LINKS), pick(random, modes), between(random, 3, 10));
      }
      case PURGE -> new Fault.Purge(Installation.RABBIT, random.nextInt(1000), Duration.ZERO);
      case DELETE ->
          new Fault.DeleteQueue(Installation.RABBIT, random.nextInt(1000), Duration.ZERO);
      case WIPE -> new Fault.Wipe(Installation.RABBIT, between(random, 0, 2));
      case EXCHANGE -> new Fault.LostExchange(Installation.PYTHON, between(random, 1, 3));
    };
  }

  private static String anyone(Random random) {
    return random.nextInt(BACKENDS_ONE_IN) == 0
        ? pick(random, Installation.BACKENDS)
        : pick(random, Installation.PROGRAMS);
  }

  private static Duration between(Random random, int least, int most) {
    return Duration.ofMillis(least * 1000L + random.nextInt((most - least) * 1000));
  }

  private static <T> T pick(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
