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

/** Announces what this server wrote: new tasks, states and runs; no progress and no heartbeat. */
public final class EventAnnouncer implements TaskListener {

  private final EventPublisher post;
  private final ObjectMapper mapper;
  private final String origin = UUID.randomUUID().toString();
  private final AtomicLong count = new AtomicLong();

  public EventAnnouncer(EventPublisher post, ObjectMapper mapper) {
    this.post = post;
    this.mapper = mapper;
  }

  @Override
  public void created(Task task) {
    announce(task, null);
  }

  @Override
  public void moved(Task before, Command by, Task after) {
    if (before.state() != after.state() || before.attempt() != after.attempt()) {
      announce(after, before.state());
    }
  }

  private void announce(Task task, @Nullable TaskState from) {
    TaskEvent event = TaskEvent.of(origin + "-" + count.incrementAndGet(), task, from);
    try {
      post.publish(event.routingKey(), mapper.writeValueAsBytes(event));
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("an event cannot be written", bug);
    }
  }
}
