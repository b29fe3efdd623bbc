package dev.docket.maintenance;

import java.util.function.BooleanSupplier;

/**
 * Runs a sweep only while this server is the leader.
 *
 * @param isLeader whether this server is the leader now
 */
public record LeaderSweep(Sweep sweep, BooleanSupplier isLeader) implements Sweep {

  @Override
  public String name() {
    return sweep.name();
  }

  @Override
  public void run() {
    if (isLeader.getAsBoolean()) {
      sweep.run();
    } else {
      sweep.skip();
    }
  }
}
