package dev.docket.drift;

/** Holds the drift at the latest census of this server. Thread-safe. */
public final class LatestDrift {

  private volatile Drift latest = Drift.NONE;

  public void set(Drift drift) {
    latest = drift;
  }

  public Drift get() {
    return latest;
  }
}
