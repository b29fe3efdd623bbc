package dev.docket.task;

import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever listens at the desk. Nothing that goes wrong with them gets back to it. */
final class TaskListeners {

  private static final Logger LOG = LoggerFactory.getLogger(TaskListeners.class);

  private final List<TaskListener> listeners;
  private final Set<TaskListener> complained = ConcurrentHashMap.newKeySet();

  TaskListeners(List<TaskListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void created(Task task) {
    notifyListeners(listener -> listener.created(task));
  }

  void moved(Task before, Command by, Task after) {
    notifyListeners(listener -> listener.moved(before, by, after));
  }

  /** What became of each letter, in order. */
  void decided(Task before, List<PendingCommand> letters, CommandBatch batch) {
    Task current = before;
    for (int i = 0; i < letters.size(); i++) {
      Command command = letters.get(i).command();
      Decision decision = batch.decisions().get(i);
      if (decision instanceof Decision.Moved moved) {
        moved(current, command, moved.next());
        current = moved.next();
      } else if (decision instanceof Decision.Refused refused) {
        notifyListeners(listener -> listener.refused(refused.task(), command, refused.reason()));
        current = refused.counted() == null ? current : refused.counted();
      }
    }
  }

  private void notifyListeners(Consumer<TaskListener> word) {
    for (TaskListener listener : listeners) {
      try {
        word.accept(listener);
      } catch (RuntimeException failure) {
        if (complained.add(listener)) {
          LOG.error("A listener failed; if it does so again that is not said", failure);
        }
      }
    }
  }
}
