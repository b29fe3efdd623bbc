package dev.docket.admission;

import dev.docket.maintenance.Sweep;
import dev.docket.task.TaskKey;
import java.util.Map;

/**
 * Requests the admission of waiting runs that no server has requested, or could not: after a crash,
 * after a change of limits, and for all keys with a rate.
 */
public final class AdmissionSweep implements Sweep {

  private final LimitedTasks search;
  private final Admissions admissions;
  private volatile Map<TaskKey, Long> waiting = Map.of();

  public AdmissionSweep(LimitedTasks search, Admissions admissions) {
    this.search = search;
    this.admissions = admissions;
  }

  @Override
  public String name() {
    return "admission";
  }

  @Override
  public void run() {
    Map<TaskKey, Long> found = search.waitingByKey();
    waiting = found;
    found.keySet().forEach(admissions::request);
  }

  @Override
  public void skip() {
    admissions.loseLeadership();
    waiting = search.waitingByKey();
  }

  /** The number of waiting tasks by key, as of the last run. */
  public Map<TaskKey, Long> waiting() {
    return waiting;
  }
}
