package dev.docket.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Roles;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.workers.LatestOccupancy;
import dev.docket.workers.Occupancy;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Serves the drift between store and broker from memory. */
@Path("/drift")
@Produces(MediaType.APPLICATION_JSON)
public final class DriftResource {

  private final LatestDrift latest;
  private final LatestOccupancy occupancy;
  private final Clock clock;

  public DriftResource(LatestDrift latest, LatestOccupancy occupancy, Clock clock) {
    this.latest = latest;
    this.occupancy = occupancy;
    this.clock = clock;
  }

  /** The latest drift; unknown values are omitted. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DriftView(
      @Nullable Instant at,
      boolean census,
      @Nullable String why,
      @Nullable Instant answersWaitSince,
      boolean moreRoutes,
      @Nullable Long missing,
      @Nullable Long surplus,
      List<KeyView> keys) {}

  /** The latest drift of one task key; unknown values are omitted. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyView(
      TaskKey key,
      Map<Integer, Long> states,
      @Nullable Long ready,
      @Nullable Long unacknowledged,
      @Nullable Integer consumers,
      @Nullable Integer workers,
      @Nullable Integer slots,
      @Nullable Integer slotsTaken,
      @Nullable Long missing,
      @Nullable Long surplus,
      @Nullable Long oldestWaitingSeconds,
      @Nullable Instant lastRepair,
      Set<TaskKey> group) {}

  /** Returns the drift at the latest census of this server. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public DriftView drift() {
    Drift drift = latest.get();
    Instant now = clock.instant();
    return new DriftView(
        drift.at(),
        drift.counted(),
        drift.reason(),
        drift.repliesPendingSince(),
        drift.moreRoutes(),
        drift.missing(),
        drift.surplus(),
        drift.keys().stream().map(key -> view(key, occupancy.of(key.key()), now)).toList());
  }

  private static KeyView view(Drift.KeyDrift key, @Nullable Occupancy workers, Instant now) {
    Drift.QueueTotals queues = key.queues();
    Instant waitingSince = key.waitingSince();
    Map<Integer, Long> states = new TreeMap<>();
    for (Map.Entry<TaskState, Long> state : key.open().entrySet()) {
      states.put(state.getKey().number(), state.getValue());
    }
    return new KeyView(
        key.key(),
        states,
        queues == null ? null : queues.ready(),
        queues == null ? null : queues.unacknowledged(),
        queues == null ? null : queues.consumers(),
        workers == null ? null : workers.workers(),
        workers == null ? null : workers.slots(),
        workers == null ? null : workers.taken(),
        key.missing(),
        key.surplus(),
        waitingSince == null ? null : Math.max(0, Duration.between(waitingSince, now).toSeconds()),
        key.lastRepair(),
        key.group());
  }
}
