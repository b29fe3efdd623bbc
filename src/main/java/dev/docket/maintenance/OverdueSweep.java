package dev.docket.maintenance;

import dev.docket.broker.TaskPublisher;
import dev.docket.store.Versioned;
import dev.docket.task.Outbox;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.TaskStore;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds effects that are due: those of delayed tasks, and those whose server died before it had
 * done them. Who takes one moves its due time first, by compare-and-set, so two servers never both
 * do it at once. It takes only what can be done now: while the broker is away nothing is published.
 */
public final class OverdueSweep implements Sweep {

  private static final int PAGE_SIZE = 500;

  /** How long whoever takes an effect has to do it. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final TaskStore.Sweeps sweeps;
  private final TaskService tasks;
  private final Outbox outbox;
  private final TaskPublisher protocol;
  private final Clock clock;

  /** Behind which the next look goes on: what cannot be done now must not hide what can. */
  private @Nullable Task after;

  public OverdueSweep(
      TaskStore.Sweeps sweeps,
      TaskService tasks,
      Outbox outbox,
      TaskPublisher protocol,
      Clock clock) {
    this.sweeps = sweeps;
    this.tasks = tasks;
    this.outbox = outbox;
    this.protocol = protocol;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "overdue";
  }

  @Override
  public void run() {
    long moved;
    do {
      Instant now = clock.instant();
      List<Versioned<Task>> page = sweeps.overdue(now, after, PAGE_SIZE);
      List<CompletableFuture<Boolean>> taken = new ArrayList<>();
      for (Versioned<Task> task : page) {
        taken.add(take(task, now).toCompletableFuture());
      }
      moved = taken.stream().filter(CompletableFuture::join).count();
      after = page.size() == PAGE_SIZE ? page.get(PAGE_SIZE - 1).value() : null;
      // Where nothing can be done, all of them need not be looked at each time.
    } while (after != null && moved > 0);
  }

  private CompletionStage<Boolean> take(Versioned<Task> seen, Instant now) {
    Task task = seen.value();
    Set<String> overdue =
        task.outbox().stream()
            .filter(p -> !p.due().isAfter(now))
            .map(PendingEffect::id)
            .collect(Collectors.toSet());
    boolean publish = due(task, overdue, true);
    boolean others = due(task, overdue, false);
    boolean publishNow = publish && protocol.ready();
    if (!publishNow && !others) {
      return CompletableFuture.completedStage(false);
    }
    Command.Observed command =
        publishNow ? new Command.Publish() : new Command.TakeOverdue(now.plus(GRACE));
    return tasks
        .execute(seen, command)
        .thenApply(
            decision -> {
              if (decision instanceof Decision.Moved moved) {
                perform(moved.next(), overdue);
              }
              return decision instanceof Decision.Moved;
            });
  }

  private static boolean due(Task task, Set<String> overdue, boolean publish) {
    return task.outbox().stream()
        .anyMatch(p -> overdue.contains(p.id()) && p.effect() instanceof Effect.Publish == publish);
  }

  /** A publish effect is a new one after its move, and is being done already. */
  private void perform(Task task, Set<String> overdue) {
    List<PendingEffect> left =
        task.outbox().stream()
            .filter(p -> overdue.contains(p.id()) && !(p.effect() instanceof Effect.Publish))
            .toList();
    if (!left.isEmpty()) {
      outbox.perform(task, left);
    }
  }
}
