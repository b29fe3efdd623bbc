package dev.docket.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Roles;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
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

/** How far store and broker disagree; from memory, whatever is stored. */
@Path("/drift")
@Produces(MediaType.APPLICATION_JSON)
public final class DriftResource {

  private final LatestDrift board;
  private final Clock clock;

  public DriftResource(LatestDrift board, Clock clock) {
    this.board = board;
    this.clock = clock;
  }

  /** The last look; what nobody knows is left out. */
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

  /** The last look at one key; what nobody knows is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record KeyView(
      TaskKey key,
      Map<Integer, Long> states,
      @Nullable Long ready,
      @Nullable Long unacknowledged,
      @Nullable Integer consumers,
      @Nullable Long missing,
      @Nullable Long surplus,
      @Nullable Long oldestWaitingSeconds,
      @Nullable Instant lastRepair,
      Set<TaskKey> group) {}

  /** Of the last look of this server. */
  @GET
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public DriftView drift() {
    Drift last = board.last();
    Instant now = clock.instant();
    return new DriftView(
        last.at(),
        last.census(),
        last.why(),
        last.answersWaitSince(),
        last.moreRoutes(),
        last.missing(),
        last.surplus(),
        last.keys().stream().map(key -> view(key, now)).toList());
  }

  private static KeyView view(Drift.OfKey key, Instant now) {
    Drift.Broker broker = key.broker();
    Instant since = key.waitingSince();
    Map<Integer, Long> states = new TreeMap<>();
    for (Map.Entry<TaskState, Long> state : key.open().entrySet()) {
      states.put(state.getKey().number(), state.getValue());
    }
    return new KeyView(
        key.key(),
        states,
        broker == null ? null : broker.ready(),
        broker == null ? null : broker.unacknowledged(),
        broker == null ? null : broker.consumers(),
        key.missing(),
        key.surplus(),
        since == null ? null : Math.max(0, Duration.between(since, now).toSeconds()),
        key.lastRepair(),
        key.group());
  }
}
