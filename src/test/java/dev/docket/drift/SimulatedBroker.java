package dev.docket.drift;

import dev.docket.broker.Census;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Simulates a broker, its workers and a store, second by second. A message is confirmed up to a
 * minute after it was published, and 202 is written even later. A worker that claims writes the
 * claim before it acknowledges. Other workers publish a reply and acknowledge, and their reply is
 * stored up to some seconds later. Queue statistics are up to five seconds old, each queue's with
 * its own age.
 */
final class SimulatedBroker {

  private static final int MAX_STATISTICS_AGE = 5;

  /** The times of one task, in seconds. */
  private static final class SimulatedTask {
    int confirmed;
    int queued;
    int received;
    int acknowledged;
    int stored;
    boolean lost;

    boolean inQueue(int second) {
      return !lost && second >= confirmed && second < acknowledged;
    }

    boolean replyIsPending(int second) {
      return second >= acknowledged && second < stored;
    }

    boolean settled(int now, int settledBefore) {
      return queued < settledBefore && (now < stored);
    }
  }

  private final Random random;
  private final boolean claims;
  private final List<SimulatedTask> tasks = new ArrayList<>();
  private int second;
  private int censusAt = -1;
  private int statisticsAt;

  SimulatedBroker(Random random, boolean claims) {
    this.random = random;
    this.claims = claims;
    int taskCount = random.nextInt(60);
    int busy = 1 + random.nextInt(600);
    for (int i = 0; i < taskCount; i++) {
      SimulatedTask task = new SimulatedTask();
      int dispatched = random.nextInt(busy);
      task.confirmed = dispatched + random.nextInt(60);
      task.queued = task.confirmed + random.nextInt(40);
      task.received = task.confirmed + random.nextInt(random.nextBoolean() ? 5 : 900);
      if (claims) {
        // The claim is stored before the message is acknowledged; 202 is not written after it.
        task.stored = task.received + random.nextInt(3);
        task.acknowledged = task.stored + random.nextInt(3);
      } else {
        task.acknowledged = task.received + random.nextInt(60);
        task.stored = task.acknowledged + random.nextInt(4);
      }
      tasks.add(task);
    }
  }

  /** Loses all messages that are in the queue now. */
  void loseAll() {
    for (SimulatedTask task : tasks) {
      if (task.inQueue(second)) {
        task.lost = true;
        task.acknowledged = Integer.MAX_VALUE;
        task.stored = Integer.MAX_VALUE;
      }
    }
  }

  long lost() {
    return tasks.stream().filter(task -> task.lost).count();
  }

  private long count(java.util.function.Predicate<SimulatedTask> which) {
    return tasks.stream().filter(which).count();
  }

  /** Runs the next census: compares the queue at the previous census with the store now. */
  List<Comparison> compare() {
    if (censusAt < 0) {
      readStatistics();
    }
    int previousCensusAt = censusAt;
    int previousStatisticsAt = statisticsAt;
    second += 10 + random.nextInt(5);
    readStatistics();
    int repliesAt = second - random.nextInt(MAX_STATISTICS_AGE + 1);
    long pendingReplies = claims ? 0 : count(task -> task.replyIsPending(repliesAt));
    int now = second + random.nextInt(2);
    String protocol = claims ? "docket" : "dane";
    long messages = count(task -> task.inQueue(previousStatisticsAt));
    long ready = messages == 0 ? 0 : random.nextInt((int) messages + 1);
    ComparisonSamples samples =
        new ComparisonSamples()
            .queue("q", ready, messages - ready, claims ? "D:Video.ASR" : "N:#.ASR")
            .tasks(
                protocol,
                "Video",
                "ASR",
                count(task -> task.settled(now, previousCensusAt - 15)),
                tasks.size());
    Instant at = ComparisonSamples.START.plusSeconds(previousCensusAt);
    return new CensusSnapshot(
            at,
            new Census.Statistics(samples.queues, pendingReplies, List.of()),
            pendingReplies,
            at.minusSeconds(15),
            new ExpectedMessages(samples.routes, false),
            null)
        .compare(ComparisonSamples.PROTOCOLS);
  }

  private void readStatistics() {
    censusAt = second;
    statisticsAt = second - random.nextInt(MAX_STATISTICS_AGE + 1);
  }
}
