package dev.docket.maintenance;

import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who reconciles, as the servers have agreed.
 *
 * @param server the server's own random name; null when the last one has stepped down
 * @param host where it runs, for people
 * @param since when it began to lead, on its own clock, for people
 * @param at what its clock said when this was written
 * @param stamp how often this was written; whoever leads writes it every few seconds
 * @param repairs when messages of a key were last sent again because the broker had lost them
 */
public record Leader(
    @Nullable String server,
    String host,
    Instant since,
    @Nullable Instant at,
    long stamp,
    Map<TaskKey, Instant> repairs) {

  public Leader {
    repairs = Map.copyOf(repairs);
  }
}
