package dev.docket.joblog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the end of a log by reads of chunks, which are always up to date, unlike a search. The
 * chunks have no gaps, so a few reads narrow the last one down.
 */
final class LastChunk {

  private static final int PROBES = 16;

  private LastChunk() {}

  /** The end of a log. Chunks that are created meanwhile may be missing. */
  static CompletionStage<LogEnd> find(LogStore store, LogId log, LogLimits limits) {
    List<Integer> probes = new ArrayList<>();
    // Each chunk has a line, and the last one may have only the note that the log is full.
    for (long number = 1; number - 1 <= limits.runLines(); number *= 2) {
      probes.add((int) (number - 1));
    }
    return narrow(store, log, LogEnd.NONE, probes, Integer.MAX_VALUE);
  }

  private static CompletionStage<LogEnd> narrow(
      LogStore store, LogId log, LogEnd last, List<Integer> probes, int missing) {
    if (probes.isEmpty()) {
      return CompletableFuture.completedStage(last);
    }
    return store
        .ends(log, probes)
        .thenCompose(
            found -> {
              LogEnd latest = last;
              int firstMissing = missing;
              for (int probe : probes) {
                LogEnd end = found.get(probe);
                if (end == null) {
                  firstMissing = probe;
                  break;
                }
                latest = end;
              }
              return narrow(store, log, latest, between(latest, firstMissing), firstMissing);
            });
  }

  /** Numbers after the last chunk that was found, and before the first one that is missing. */
  private static List<Integer> between(LogEnd last, int missing) {
    List<Integer> probes = new ArrayList<>();
    int distance = Math.min(missing, last.chunks() + (1 << 30)) - last.chunks();
    int step = Math.max(1, distance / PROBES);
    for (int number = last.chunks() + step - 1; number < missing; number += step) {
      probes.add(number);
      if (probes.size() > PROBES) {
        break;
      }
    }
    return probes;
  }
}
