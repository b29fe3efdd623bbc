package dev.docket.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.task.Task;
import dev.docket.task.TaskListener;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes an event for each new task, state and run that this server writes, but not for
 * progress.
 */
public final class EventAnnouncer implements TaskListener {

  private final EventPublisher publisher;
  private final ObjectMapper mapper;
  private final String origin = UUID.randomUUID().toString();
  private final AtomicLong sequence = new AtomicLong();

  public EventAnnouncer(EventPublisher publisher, ObjectMapper mapper) {
    this.publisher = publisher;
    this.mapper = mapper;
  }

  @Override
  public void created(Task task) {
    publish(task, null);
  }

  @Override
  public void changed(Task before, Command by, Task after) {
    if (before.state() != after.state() || before.run().attempt() != after.run().attempt()) {
      publish(after, before.state());
    }
  }

  private void publish(Task task, @Nullable TaskState from) {
    TaskEvent event = TaskEvent.of(origin + "-" + sequence.incrementAndGet(), task, from);
    try {
      publisher.publish(event.routingKey(), mapper.writeValueAsBytes(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot serialize an event", e);
    }
  }
}
