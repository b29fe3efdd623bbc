package dev.docket.workerapi;

import dev.docket.concurrent.Stages;
import dev.docket.maintenance.Sweep;
import dev.docket.task.KnownKeys;
import dev.docket.task.Policies;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open polls of this server that name unknown keys, or keys of which no task is handed out.
 * When a task of such a key appears, on whichever server, or its tasks are handed out again, the
 * polls wait for the key too. Every server runs this sweep, with one search for all of its polls.
 */
public final class OpenPolls implements Sweep {

  /** Interval at which unknown keys are searched. */
  public static final Duration SEARCH_INTERVAL = Duration.ofSeconds(2);

  private final KnownKeys keys;
  private final Policies policies;
  private final Set<OpenPoll> withUnknownKeys = ConcurrentHashMap.newKeySet();

  public OpenPolls(KnownKeys keys, Policies policies) {
    this.keys = keys;
    this.policies = policies;
  }

  @Override
  public String name() {
    return "polls";
  }

  /** Searches the unknown keys of all open polls; does nothing if there are none. */
  @Override
  public void run() {
    Set<TaskKey> unknown = new HashSet<>();
    withUnknownKeys.forEach(poll -> unknown.addAll(poll.unknownKeys()));
    if (unknown.isEmpty()) {
      return;
    }
    List<TaskKey> found =
        Stages.join(keys.find(unknown)).stream().filter(policies::handsOut).toList();
    withUnknownKeys.forEach(poll -> poll.learn(found));
  }

  /** Tells the open polls that there are tasks of a key now. */
  public void onKnown(TaskKey key) {
    if (policies.handsOut(key)) {
      withUnknownKeys.forEach(poll -> poll.learn(Set.of(key)));
    }
  }

  /** Adds a poll until it has its response. Adds it only if it names unknown keys. */
  void add(OpenPoll poll) {
    if (poll.unknownKeys().isEmpty()) {
      return;
    }
    withUnknownKeys.add(poll);
    var unused = poll.response().whenComplete((response, failure) -> withUnknownKeys.remove(poll));
    // A key may have become known just before the poll was added.
    poll.learn(
        poll.unknownKeys().stream().filter(keys::isKnown).filter(policies::handsOut).toList());
  }
}
