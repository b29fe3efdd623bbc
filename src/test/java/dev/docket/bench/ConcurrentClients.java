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

/**
 * Concurrent HTTP clients. Each has its own connection and sends the next request as soon as it has
 * received a response.
 */
final class ConcurrentClients {

  private ConcurrentClients() {}

  /** Sends one request and reads its response. */
  interface Request {
    void send(RawHttpConnection connection, int number) throws Exception;
  }

  /** The durations of all requests. */
  static final class Timings {
    private final double seconds;
    private final long[] nanos;

    private Timings(double seconds, long[] nanos) {
      this.seconds = seconds;
      this.nanos = nanos;
      Arrays.sort(nanos);
    }

    double seconds() {
      return seconds;
    }

    /** Requests per second. */
    double rate() {
      return nanos.length / seconds;
    }

    /** A percentile of the durations, in milliseconds; {@code share} is between 0 and 1. */
    double percentile(double share) {
      return nanos[(int) Math.min(nanos.length - 1L, Math.round(share * nanos.length))] / 1e6;
    }
  }

  /** Sends the requests 0 to count - 1, each once. */
  static Timings run(URI server, int connections, int count, Request request) throws Exception {
    AtomicInteger next = new AtomicInteger();
    long[] nanos = new long[count];
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<RawHttpConnection> clients = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        clients.add(new RawHttpConnection(server));
      }
      long start = System.nanoTime();
      List<Future<Void>> futures = new ArrayList<>();
      for (RawHttpConnection connection : clients) {
        futures.add(threads.submit(sendRequests(connection, next, nanos, request)));
      }
      for (Future<Void> future : futures) {
        future.get();
      }
      return new Timings((System.nanoTime() - start) / 1e9, nanos);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Void> sendRequests(
      RawHttpConnection connection, AtomicInteger next, long[] nanos, Request request) {
    return () -> {
      try (connection) {
        for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
          long start = System.nanoTime();
          request.send(connection, i);
          nanos[i] = System.nanoTime() - start;
        }
      }
      return null;
    };
  }
}
