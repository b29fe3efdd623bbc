package dev.docket.outbox;

import dev.docket.broker.TaskPublisher;
import dev.docket.task.Task;
import dev.docket.task.TaskService;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the message of a run, and reports the broker's response as a command. */
public final class PublishHandler implements EffectHandler<Effect.Publish> {

  private static final Logger LOG = LoggerFactory.getLogger(PublishHandler.class);

  private final TaskPublisher publisher;
  private final LazyConfirmations confirmations;
  private final TaskService tasks;

  public PublishHandler(
      TaskPublisher publisher, LazyConfirmations confirmations, TaskService tasks) {
    this.publisher = publisher;
    this.confirmations = confirmations;
    this.tasks = tasks;
  }

  /** The effect stays in the outbox until the command is written. */
  @Override
  public CompletionStage<Void> perform(Task task, Effect.Publish effect) {
    return publisher
        .publish(task)
        .thenAccept(
            outcome -> {
              switch (outcome) {
                case CONFIRMED -> confirmations.schedule(task);
                case UNROUTABLE -> reportUnroutable(task);
                case NOT_NOW ->
                    LOG.debug(
                        "Task {} could not be published; the overdue sweep will retry", task.id());
              }
            });
  }

  private void reportUnroutable(Task task) {
    tasks
        .execute(task.id(), new Command.Unroutable(task.run().ref()))
        .whenComplete(
            (decision, failure) -> {
              if (failure != null) {
                LOG.atDebug()
                    .addKeyValue("task", task.id())
                    .log("422 could not be written; the overdue sweep will repeat it");
              }
            });
  }
}
