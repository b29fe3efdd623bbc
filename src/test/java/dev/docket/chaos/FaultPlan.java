package dev.docket.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The faults to inject and their times. The seed alone determines them. */
record FaultPlan(List<PlannedFault> faults) {

  private static final int MAX_CONCURRENT = 2;

  /** Backends restart slowly, so only one in this many process faults targets a backend. */
  private static final int BACKENDS_ONE_IN = 4;

  /** A fault and its time since the start of the test. */
  record PlannedFault(Duration at, Fault fault) {
    /** When the target is likely to work again. */
    Duration until() {
      // A restarted program needs some time to start.
      return at.plus(fault.duration()).plusSeconds(2);
    }
  }

  static FaultPlan of(Settings settings) {
    Random random = new Random(settings.seed());
    List<Fault.Kind> kinds = weightedKinds(settings);
    List<PlannedFault> planned = new ArrayList<>();
    Duration at = Duration.ofSeconds(3);
    while (at.compareTo(settings.duration()) < 0 && !kinds.isEmpty()) {
      Fault fault = fault(kinds.get(random.nextInt(kinds.size())), random);
      if (fits(planned, fault, at)) {
        planned.add(new PlannedFault(at, fault));
        at = at.plusMillis(random.nextInt(2_000));
      }
      at = at.plusMillis(500 + random.nextInt(2_000));
    }
    return new FaultPlan(List.copyOf(planned));
  }

  private static List<Fault.Kind> weightedKinds(Settings settings) {
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

  private static boolean fits(List<PlannedFault> planned, Fault fault, Duration at) {
    List<PlannedFault> active = planned.stream().filter(p -> p.until().compareTo(at) > 0).toList();
    return active.size() < MAX_CONCURRENT
        && active.stream().noneMatch(p -> p.fault().target().equals(fault.target()));
  }

  private static Fault fault(Fault.Kind kind, Random random) {
    return switch (kind) {
      case KILL -> new Fault.Kill(anyProcess(random), between(random, 0, 4));
      case TERM -> new Fault.Term(pick(random, SystemUnderTest.SERVERS), between(random, 0, 2));
      case STOP -> {
        String target = anyProcess(random);
        yield SystemUnderTest.BACKENDS.contains(target)
            ? new Fault.Stop(target, between(random, 2, 5))
            : new Fault.Stop(target, between(random, 8, 12));
      }
      case CUT -> {
        List<CutProxy.Mode> modes =
            Arrays.stream(CutProxy.Mode.values()).filter(m -> m != CutProxy.Mode.OPEN).toList();
        yield new Fault.Cut(
            pick(random, SystemUnderTest.LINKS), pick(random, modes), between(random, 3, 10));
      }
      case PURGE -> new Fault.Purge(SystemUnderTest.RABBITMQ, random.nextInt(1000), Duration.ZERO);
      case DELETE ->
          new Fault.DeleteQueue(SystemUnderTest.RABBITMQ, random.nextInt(1000), Duration.ZERO);
      case WIPE -> new Fault.Wipe(SystemUnderTest.RABBITMQ, between(random, 0, 2));
      case EXCHANGE -> new Fault.DeleteExchange(SystemUnderTest.DANE_WORKER, between(random, 1, 3));
    };
  }

  private static String anyProcess(Random random) {
    return random.nextInt(BACKENDS_ONE_IN) == 0
        ? pick(random, SystemUnderTest.BACKENDS)
        : pick(random, SystemUnderTest.PROGRAMS);
  }

  private static Duration between(Random random, int minSeconds, int maxSeconds) {
    return Duration.ofMillis(minSeconds * 1000L + random.nextInt((maxSeconds - minSeconds) * 1000));
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
