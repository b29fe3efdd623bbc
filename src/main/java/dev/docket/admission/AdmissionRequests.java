package dev.docket.admission;

import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskListener;
import dev.docket.task.machine.Command;
import java.util.function.Consumer;

/** Requests the admission of waiting runs as soon as this server has written them. */
public final class AdmissionRequests implements TaskListener {

  private volatile Consumer<TaskKey> admissions = key -> {};

  /** Sets the receiver of the requests. */
  public void whenRequested(Consumer<TaskKey> receiver) {
    admissions = receiver;
  }

  @Override
  public void created(Task task) {
    if (task.run().limitedSince() != null) {
      admissions.accept(task.key());
    }
  }

  @Override
  public void changed(Task before, Command by, Task after) {
    if (before.run().limitedSince() == null) {
      created(after);
    }
  }
}
