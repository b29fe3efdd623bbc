package dev.docket.drift;

import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of store and broker for one binding group. A task is <i>settled</i> if its message
 * must still be in a queue, unless the broker has lost it.
 *
 * @param status whether a comparison was possible
 * @param at time of the queue statistics
 * @param missing settled tasks minus the broker's messages: a lower bound of lost messages
 * @param surplus messages beyond the tasks that may have one: of ended, cancelled or deleted tasks,
 *     or published twice; workers drop them
 * @param empty whether the broker has no message and no reply is pending, so that the messages of
 *     all settled tasks are lost
 * @param settledBefore tasks dispatched before this are settled
 */
public record Comparison(
    BindingGroup group,
    Status status,
    Instant at,
    long missing,
    long surplus,
    boolean empty,
    Instant settledBefore) {

  /** Whether a comparison was possible. */
  public enum Status {
    /** Store and broker were compared. */
    COMPARED,
    /** No comparison now: replies in the response queue are not stored yet. */
    REPLIES_PENDING,
    /** No comparison: some messages may be in queues without statistics, or replies are unknown. */
    UNKNOWN
  }

  static Comparison of(BindingGroup group, CensusSnapshot snapshot, WorkerProtocols protocols) {
    Long replies = snapshot.pendingReplies();
    boolean usesReplies =
        group.routes().stream()
            .anyMatch(r -> ackMode(r, protocols) == Policy.AckMode.ACKNOWLEDGES_LATE);
    if (!group.counted() || (usesReplies && replies == null)) {
      return new Comparison(
          group, Status.UNKNOWN, snapshot.at(), 0, 0, false, snapshot.settledBefore());
    }
    // A worker acknowledges its message before its reply is stored; the reply may be of any task.
    long pending = usesReplies && replies != null ? replies : 0;
    CensusSnapshot.OlderTasks older = pending > 0 ? snapshot.olderTasks() : null;
    long surplus = Math.max(0, group.messages() - group.possible());
    if (pending > 0 && older == null) {
      return new Comparison(
          group,
          Status.REPLIES_PENDING,
          snapshot.at(),
          0,
          surplus,
          false,
          snapshot.settledBefore());
    }
    // The messages of workers that acknowledge early are gone before their tasks end.
    long settled =
        group.routes().stream()
            .filter(route -> isCompared(route, protocols))
            .mapToLong(r -> older == null ? r.settled() : older.settled(r))
            .sum();
    return new Comparison(
        group,
        Status.COMPARED,
        snapshot.at(),
        Math.max(0, settled - group.messages() - pending),
        surplus,
        group.messages() + pending == 0,
        older == null ? snapshot.settledBefore() : older.settledBefore());
  }

  private static boolean isCompared(ExpectedMessages.RouteCount route, WorkerProtocols protocols) {
    Policy.AckMode ackMode = ackMode(route, protocols);
    return ackMode != null && ackMode != Policy.AckMode.ACKNOWLEDGES_EARLY;
  }

  private static Policy.@Nullable AckMode ackMode(
      ExpectedMessages.RouteCount route, WorkerProtocols protocols) {
    return protocols.find(route.protocol()).map(WorkerProtocol::ackMode).orElse(null);
  }

  /** Returns the compared routes by worker protocol. */
  public Map<String, Set<Route>> comparedRoutes(WorkerProtocols protocols) {
    Map<String, Set<Route>> routes = new TreeMap<>();
    for (ExpectedMessages.RouteCount route : group.routes()) {
      if (isCompared(route, protocols)) {
        routes.computeIfAbsent(route.protocol(), p -> new HashSet<>()).add(route.route());
      }
    }
    return routes;
  }
}
