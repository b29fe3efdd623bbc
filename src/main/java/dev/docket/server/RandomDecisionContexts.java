package dev.docket.server;

import dev.docket.task.machine.DecisionContext;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Supplies decision contexts with the current time and random tokens. Thread-safe. */
final class RandomDecisionContexts implements Supplier<DecisionContext> {

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  RandomDecisionContexts(Clock clock) {
    this.clock = clock;
  }

  @Override
  public DecisionContext get() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return new DecisionContext(
        clock.instant(), HexFormat.of().formatHex(bits), ThreadLocalRandom.current().nextDouble());
  }
}
