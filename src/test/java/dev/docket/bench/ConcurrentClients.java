package dev.docket.bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Some who ask at the same time, each over a connection of his own, as fast as he is answered. */
final class ConcurrentClients {

  private ConcurrentClients() {}

  /** One question and its answer. */
  interface Ask {
    void ask(RawHttpConnection line, int number) throws Exception;
  }

  /** What came out. */
  static final class Measured {
    private final double seconds;
    private final long[] nanos;

    private Measured(double seconds, long[] nanos) {
      this.seconds = seconds;
      this.nanos = nanos;
      Arrays.sort(nanos);
    }

    double seconds() {
      return seconds;
    }

    /** A second. */
    double rate() {
      return nanos.length / seconds;
    }

    /** How long so large a share of them took at most, in milliseconds. */
    double percentile(double share) {
      return nanos[(int) Math.min(nanos.length - 1L, Math.round(share * nanos.length))] / 1e6;
    }
  }

  /** The questions 0 to count - 1, each asked once. */
  static Measured run(URI server, int connections, int count, Ask ask) throws Exception {
    AtomicInteger next = new AtomicInteger();
    long[] nanos = new long[count];
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<RawHttpConnection> lines = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        lines.add(new RawHttpConnection(server));
      }
      long begin = System.nanoTime();
      List<Future<Void>> all = new ArrayList<>();
      for (RawHttpConnection line : lines) {
        all.add(threads.submit(one(line, next, nanos, ask)));
      }
      for (Future<Void> each : all) {
        each.get();
      }
      return new Measured((System.nanoTime() - begin) / 1e9, nanos);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Void> one(
      RawHttpConnection line, AtomicInteger next, long[] nanos, Ask ask) {
    return () -> {
      try (line) {
        for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
          long begin = System.nanoTime();
          ask.ask(line, i);
          nanos[i] = System.nanoTime() - begin;
        }
      }
      return null;
    };
  }
}
