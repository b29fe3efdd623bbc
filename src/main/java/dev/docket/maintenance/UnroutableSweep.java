package dev.docket.maintenance;

import dev.docket.broker.TaskPublisher;
import dev.docket.concurrent.Stages;
import dev.docket.maintenance.UnroutableTasks.Group;
import dev.docket.store.Versioned;
import dev.docket.task.Policies;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the routes without a queue, for each worker protocol: publishes the oldest task of each,
 * and if the broker does not return its message, a queue is bound, and the sweep publishes the
 * other tasks. If the broker returns the message, nothing is written, unless the key has another
 * protocol by now: the tasks that follow their key are then published by that one.
 *
 * <p>The oldest task of a limited key is published without its turn; its claim then makes it wait.
 * Nothing is published for a paused key.
 *
 * <p>A run tries a limited number of groups, and the next run continues after them, so that no
 * number of groups keeps others from being tried.
 */
public final class UnroutableSweep implements Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(UnroutableSweep.class);

  private static final int PAGE_SIZE = 500;

  /** The number of groups that one run tries. */
  static final int GROUPS_PER_RUN = 1_000;

  private final UnroutableTasks search;
  private final TaskService tasks;
  private final Policies policies;
  private final TaskPublisher publisher;

  /** The last group that was tried; null before the first. Runs do not overlap. */
  private @Nullable Group last;

  public UnroutableSweep(
      UnroutableTasks search, TaskService tasks, Policies policies, TaskPublisher publisher) {
    this.search = search;
    this.tasks = tasks;
    this.policies = policies;
    this.publisher = publisher;
  }

  @Override
  public String name() {
    return "unroutable";
  }

  @Override
  public void run() {
    if (!publisher.ready()) {
      return;
    }
    for (Versioned<Task> oldest : nextGroups()) {
      Task task = oldest.value();
      if (policies.limits(task.key()).hold() != null) {
        continue;
      }
      Group group = Group.of(task);
      TaskPublisher.PublishOutcome outcome = Stages.join(publisher.publish(task));
      if (outcome == TaskPublisher.PublishOutcome.CONFIRMED) {
        Stages.join(tasks.execute(task.id(), new Command.Confirm(task.run().ref())));
        long published = publishAll(group, other -> true);
        if (published > 0) {
          LOG.info(
              "A queue is bound for {} now; publishing {} waiting tasks", group.route(), published);
        }
      } else if (!policies.of(task.key()).protocol().equals(group.protocol())) {
        publishAll(group, other -> !policies.nextProtocol(other).equals(group.protocol()));
      }
    }
  }

  /** The oldest task of each group that comes next, from the beginning again after the end. */
  private Collection<Versioned<Task>> nextGroups() {
    Map<Group, Versioned<Task>> next = new LinkedHashMap<>();
    search
        .oldestUnroutable(last, GROUPS_PER_RUN)
        .forEach(task -> next.put(Group.of(task.value()), task));
    int missing = GROUPS_PER_RUN - next.size();
    if (last != null && missing > 0) {
      search
          .oldestUnroutable(null, missing)
          .forEach(task -> next.putIfAbsent(Group.of(task.value()), task));
    }
    last = null;
    next.keySet().forEach(group -> last = group);
    return next.values();
  }

  /** Publishes the matching tasks of a group, and returns their number. */
  private long publishAll(Group group, Predicate<Task> matching) {
    long published = 0;
    Task after = null;
    do {
      List<Versioned<Task>> page = search.unroutable(group, after, PAGE_SIZE);
      published +=
          Stages.countTrue(
              page.stream()
                  .filter(task -> matching.test(task.value()))
                  .map(task -> tasks.changes(task, new Command.Redispatch()))
                  .toList());
      after = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
    } while (after != null && publisher.ready());
    return published;
  }
}
