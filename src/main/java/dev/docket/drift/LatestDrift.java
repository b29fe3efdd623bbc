package dev.docket.drift;

/** Where the last look is noted, for whoever wants to know. Any number of threads may read. */
public final class LatestDrift {

  private volatile Drift last = Drift.NONE;

  public void note(Drift drift) {
    last = drift;
  }

  public Drift last() {
    return last;
  }
}
