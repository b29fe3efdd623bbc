package dev.docket.drift;

import dev.docket.task.ExpectedMessages;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How store and broker agree about a group.
 *
 * @param standing whether they could be compared
 * @param at of the broker's figures
 * @param missing settled tasks beyond the broker's messages: so many messages at least are lost
 * @param surplus messages beyond the tasks that may have one: of ended, cancelled or deleted tasks,
 *     or sent twice; workers drop them
 * @param empty whether the broker has no message, and no answer is on its way: then all of its
 *     settled tasks are lost
 * @param before what counts as settled
 */
public record Comparison(
    BindingGroup group,
    Standing standing,
    Instant at,
    long missing,
    long surplus,
    boolean empty,
    Instant before) {

  /** Whether a comparison says anything. */
  public enum Standing {
    /** It does. */
    COMPARED,
    /** Not now: answers of its workers are not stored yet. */
    ANSWERS_PENDING,
    /** No: some of its messages lie where nobody counts, or nobody knows what is answered. */
    UNKNOWN
  }

  static Comparison of(BindingGroup group, CensusSnapshot look, ProtocolExchanges exchanges) {
    Long answers = look.answers();
    boolean answering =
        group.routes().stream()
            .anyMatch(r -> ackMode(r, exchanges) == Policy.AckMode.ACKNOWLEDGES_LATE);
    if (!group.counted() || (answering && answers == null)) {
      return new Comparison(group, Standing.UNKNOWN, look.at(), 0, 0, false, look.before());
    }
    // An answer on its way has taken its message with it, whichever task it is of.
    long pending = answering && answers != null ? answers : 0;
    CensusSnapshot.Patient earlier = pending > 0 ? look.patient() : null;
    long surplus = Math.max(0, group.messages() - group.possible());
    if (pending > 0 && earlier == null) {
      return new Comparison(
          group, Standing.ANSWERS_PENDING, look.at(), 0, surplus, false, look.before());
    }
    // Messages that are acknowledged before the work begins say nothing of their tasks.
    long settled =
        group.routes().stream()
            .filter(route -> isCompared(route, exchanges))
            .mapToLong(r -> earlier == null ? r.settled() : earlier.settled(r))
            .sum();
    return new Comparison(
        group,
        Standing.COMPARED,
        look.at(),
        Math.max(0, settled - group.messages() - pending),
        surplus,
        group.messages() + pending == 0,
        earlier == null ? look.before() : earlier.before());
  }

  private static boolean isCompared(ExpectedMessages.OfRoute route, ProtocolExchanges exchanges) {
    Policy.AckMode ackMode = ackMode(route, exchanges);
    return ackMode != null && ackMode != Policy.AckMode.ACKNOWLEDGES_EARLY;
  }

  private static Policy.@Nullable AckMode ackMode(
      ExpectedMessages.OfRoute route, ProtocolExchanges exchanges) {
    return exchanges.of(route.protocol()).map(ProtocolExchanges.OfProtocol::ackMode).orElse(null);
  }

  /** The routes of each courier whose messages may be missing. */
  public Map<String, Set<Route>> routes(ProtocolExchanges exchanges) {
    Map<String, Set<Route>> routes = new TreeMap<>();
    for (ExpectedMessages.OfRoute route : group.routes()) {
      if (isCompared(route, exchanges)) {
        routes.computeIfAbsent(route.protocol(), c -> new HashSet<>()).add(route.route());
      }
    }
    return routes;
  }
}
