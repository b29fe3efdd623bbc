package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies the listeners of a {@link TaskService} and isolates it from their exceptions. */
final class TaskListeners {

  private static final Logger LOG = LoggerFactory.getLogger(TaskListeners.class);

  private final List<TaskListener> listeners;
  private final Set<TaskListener> failedListeners = ConcurrentHashMap.newKeySet();

  TaskListeners(List<TaskListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void created(Task task) {
    notifyListeners(listener -> listener.created(task));
  }

  void changed(Task before, Command by, Task after) {
    notifyListeners(listener -> listener.changed(before, by, after));
  }

  /** Notifies of the decision on each command, in order. */
  void decided(Task before, List<PendingCommand> commands, CommandBatch batch) {
    Task current = before;
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i).command();
      Decision decision = batch.decisions().get(i);
      if (decision instanceof Decision.Changed changed) {
        changed(current, command, changed.task());
        current = changed.task();
      } else if (decision instanceof Decision.Refused refused) {
        notifyListeners(listener -> listener.refused(refused.task(), command, refused.reason()));
        Task updated = refused.updated();
        if (updated != null && !updated.run().equals(current.run())) {
          changed(current, command, updated);
        }
        current = updated == null ? current : updated;
      }
    }
  }

  private void notifyListeners(Consumer<TaskListener> notification) {
    for (TaskListener listener : listeners) {
      try {
        notification.accept(listener);
      } catch (RuntimeException e) {
        if (failedListeners.add(listener)) {
          LOG.error("A task listener failed; its further failures are not logged", e);
        }
      }
    }
  }
}
