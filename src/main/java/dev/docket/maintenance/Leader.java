package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of the leader, the one server that runs the sweeps.
 *
 * @param server random name of the server process; null if the last leader has stepped down
 * @param host host name, for display
 * @param since when the server became leader, on its own clock, for display
 * @param at time of this write, on the leader's clock
 * @param stamp number of writes; the leader writes every few seconds
 * @param repairs when tasks of a key were last republished because the broker had lost their
 *     messages
 * @param format the highest {@link RecordFormat} of any server that has run
 */
public record Leader(
    @Nullable String server,
    String host,
    Instant since,
    @Nullable Instant at,
    long stamp,
    Map<TaskKey, Instant> repairs,
    int format) {

  public Leader {
    repairs = Map.copyOf(repairs);
  }

  Leader withFormat(int other) {
    return new Leader(server, host, since, at, stamp, repairs, other);
  }
}
