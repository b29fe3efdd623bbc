package dev.docket.maintenance;

import dev.docket.broker.TaskPublisher;
import dev.docket.concurrent.Stages;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Performs overdue effects: those of delayed tasks, and those that a server did not perform before
 * it crashed. A server first moves the due time by compare-and-set, so that two servers never
 * perform an effect at the same time. It takes only what it can perform now: while the broker is
 * unavailable, it publishes nothing.
 */
public final class OverdueSweep implements Sweep {

  private static final int PAGE_SIZE = 500;

  /** Time in which a server must perform the effects that it has taken. */
  private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

  private final OverdueTasks search;
  private final TaskService tasks;
  private final TaskPublisher publisher;
  private final Clock clock;

  /**
   * The task after which the next run continues, so that effects that cannot be performed now do
   * not hide others.
   */
  private @Nullable Task after;

  public OverdueSweep(
      OverdueTasks search, TaskService tasks, TaskPublisher publisher, Clock clock) {
    this.search = search;
    this.tasks = tasks;
    this.publisher = publisher;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "overdue";
  }

  @Override
  public void run() {
    long changed;
    do {
      Instant now = clock.instant();
      List<Versioned<Task>> page = search.overdue(now, after, PAGE_SIZE);
      changed = Stages.countTrue(page.stream().map(task -> take(task, now)).toList());
      after = page.size() == PAGE_SIZE ? last(page) : null;
      // If nothing could be performed, the next run reads the next page.
    } while (after != null && changed > 0);
  }

  /** The last task of a page that has effects, by whose due time the next page is found. */
  private static @Nullable Task last(List<Versioned<Task>> page) {
    Task last = null;
    for (Versioned<Task> found : page) {
      last = found.value().outboxDue().isPresent() ? found.value() : last;
    }
    return last;
  }

  private CompletionStage<Boolean> take(Versioned<Task> found, Instant now) {
    Task task = found.value();
    Set<String> overdue =
        task.outbox().stream()
            .filter(p -> !p.due().isAfter(now))
            .map(PendingEffect::id)
            .collect(Collectors.toSet());
    boolean publish = isOverdue(task, overdue, true);
    boolean otherEffects = isOverdue(task, overdue, false);
    boolean publishNow = publish && (publisher.ready() || task.run().isManual());
    // If no effect is overdue, reading has dropped one of an earlier release; writing removes it.
    if (!publishNow && !otherEffects && !overdue.isEmpty()) {
      return CompletableFuture.completedStage(false);
    }
    Command.Observed command =
        publishNow ? new Command.Publish() : new Command.TakeOverdue(now.plus(GRACE_PERIOD));
    return tasks
        .execute(found, command)
        .thenApply(
            decision -> {
              if (decision instanceof Decision.Changed changed) {
                perform(changed.task(), overdue);
              }
              return decision instanceof Decision.Changed;
            });
  }

  private static boolean isOverdue(Task task, Set<String> overdue, boolean publish) {
    return task.outbox().stream()
        .anyMatch(p -> overdue.contains(p.id()) && p.effect() instanceof Effect.Publish == publish);
  }

  /** Skips the publish effect: the Publish command has replaced and started it. */
  private void perform(Task task, Set<String> overdue) {
    tasks.perform(
        task,
        task.outbox().stream()
            .filter(p -> overdue.contains(p.id()) && !(p.effect() instanceof Effect.Publish))
            .toList());
  }
}
