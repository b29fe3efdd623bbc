package dev.docket.drift;

import dev.docket.broker.Census;
import dev.docket.task.ExpectedMessages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A broker, its workers and a store, second by second. A message is confirmed up to a minute after
 * it was handed over; 202 is written later still; a worker that claims writes first and then
 * acknowledges, one that answers publishes, acknowledges, and its answer is stored up to some
 * seconds later. Figures of queues are up to five seconds old, each queue's of another age.
 */
final class SimulatedBroker {

  private static final int STALE = 5;

  /** One task; a time that has not come is in the future. */
  private static final class Life {
    int confirmed;
    int queued;
    int taken;
    int acknowledged;
    int stored;
    boolean lost;

    boolean inQueue(int second) {
      return !lost && second >= confirmed && second < acknowledged;
    }

    boolean answerWaits(int second) {
      return second >= acknowledged && second < stored;
    }

    boolean settled(int now, int before) {
      return queued < before && (now < stored);
    }
  }

  private final Random random;
  private final boolean claims;
  private final List<Life> lives = new ArrayList<>();
  private int second;
  private int readAt = -1;
  private int figuresAt;

  SimulatedBroker(Random random, boolean claims) {
    this.random = random;
    this.claims = claims;
    int tasks = random.nextInt(60);
    int busy = 1 + random.nextInt(600);
    for (int i = 0; i < tasks; i++) {
      Life life = new Life();
      int dispatched = random.nextInt(busy);
      life.confirmed = dispatched + random.nextInt(60);
      life.queued = life.confirmed + random.nextInt(40);
      life.taken = life.confirmed + random.nextInt(random.nextBoolean() ? 5 : 900);
      if (claims) {
        // The claim is stored, then the message is acknowledged; 202 is not written any more.
        life.stored = life.taken + random.nextInt(3);
        life.acknowledged = life.stored + random.nextInt(3);
      } else {
        life.acknowledged = life.taken + random.nextInt(60);
        life.stored = life.acknowledged + random.nextInt(4);
      }
      lives.add(life);
    }
  }

  /** All that is in the queue now, and settled for good. */
  void loseAll() {
    for (Life life : lives) {
      if (life.inQueue(second)) {
        life.lost = true;
        life.acknowledged = Integer.MAX_VALUE;
        life.stored = Integer.MAX_VALUE;
      }
    }
  }

  long lost() {
    return lives.stream().filter(life -> life.lost).count();
  }

  private long count(java.util.function.Predicate<Life> which) {
    return lives.stream().filter(which).count();
  }

  /** The next look: it compares the queue of the look before with the store now. */
  List<Comparison> compare() {
    if (readAt < 0) {
      read();
    }
    int before = readAt;
    int figures = figuresAt;
    second += 10 + random.nextInt(5);
    read();
    int answersAt = second - random.nextInt(STALE + 1);
    long answers = claims ? 0 : count(life -> life.answerWaits(answersAt));
    int now = second + random.nextInt(2);
    String protocol = claims ? "docket" : "dane";
    long messages = count(life -> life.inQueue(figures));
    long ready = messages == 0 ? 0 : random.nextInt((int) messages + 1);
    ComparisonSamples weighed =
        new ComparisonSamples()
            .queue("q", ready, messages - ready, claims ? "D:Video.ASR" : "N:#.ASR")
            .tasks(
                protocol,
                "Video",
                "ASR",
                count(life -> life.settled(now, before - 15)),
                lives.size());
    Instant at = ComparisonSamples.START.plusSeconds(before);
    return new CensusSnapshot(
            at,
            new Census.Figures(weighed.queues, answers, List.of()),
            answers,
            at.minusSeconds(15),
            new ExpectedMessages(weighed.routes, false),
            null)
        .compare(ComparisonSamples.EXCHANGES);
  }

  private void read() {
    readAt = second;
    figuresAt = second - random.nextInt(STALE + 1);
  }
}
