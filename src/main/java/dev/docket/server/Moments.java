package dev.docket.server;

import dev.docket.task.machine.Moment;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Now, with fresh random tokens. May be called from any thread. */
final class Moments implements Supplier<Moment> {

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  Moments(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Moment get() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return new Moment(
        clock.instant(), HexFormat.of().formatHex(bits), ThreadLocalRandom.current().nextDouble());
  }
}
