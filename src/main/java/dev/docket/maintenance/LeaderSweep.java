package dev.docket.maintenance;

import java.util.function.BooleanSupplier;

/** Runs a sweep only while this server is the leader. */
public final class LeaderSweep implements Sweep {

  private final Sweep sweep;
  private final BooleanSupplier isLeader;

  /**
   * Creates the sweep.
   *
   * @param isLeader whether this server is the leader now
   */
  public LeaderSweep(Sweep sweep, BooleanSupplier isLeader) {
    this.sweep = sweep;
    this.isLeader = isLeader;
  }

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
