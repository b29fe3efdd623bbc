package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.document.DocumentSamples;
import dev.docket.server.HttpJson;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.OnePolicy;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests which changes of a task are published. */
final class EventAnnouncerTest {

  private final ObjectMapper mapper = HttpJson.mapper();
  private final List<String> keys = new ArrayList<>();
  private final List<JsonNode> bodies = new ArrayList<>();
  private final TaskService tasks =
      new TaskService(
          new MemoryTaskStore(),
          new OnePolicy(TaskSamples.POLICY),
          () -> TaskSamples.context(DocumentSamples.CREATED),
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          List.of(new EventAnnouncer(this::publish, mapper)));
  private final Task task = TaskSamples.task("ASR");

  private void publish(String routingKey, byte[] body) {
    keys.add(routingKey);
    try {
      bodies.add(mapper.readTree(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void execute(Command command) {
    tasks.execute(task.id(), command).toCompletableFuture().join();
  }

  @BeforeEach
  void createTask() {
    tasks.create(task).toCompletableFuture().join();
  }

  @Test
  void publishesNewTaskWithAllFields() {
    assertThat(keys).containsExactly("task.ASR.201");
    JsonNode body = bodies.get(0);
    assertThat(body.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "event_id",
            "id",
            "document_id",
            "key",
            "state",
            "from",
            "attempt",
            "message",
            "target_type",
            "creator_id",
            "at");
    assertThat(body.path("id").asText()).isEqualTo(task.id().value());
    assertThat(body.path("document_id").asText()).isEqualTo(task.spec().document().id().value());
    assertThat(body.path("creator_id").asText()).isEqualTo(task.spec().document().creator().id());
    assertThat(body.path("state").intValue()).isEqualTo(201);
    assertThat(body.path("from").isNull()).isTrue();
    assertThat(body.path("attempt").intValue()).isEqualTo(1);
    assertThat(body.path("at").asText()).endsWith("Z");
  }

  @Test
  void publishesStatesAndRunsButNoProgressOrHeartbeats() {
    execute(new Command.Confirm(new RunRef(1, task.run().token())));
    execute(
        Command.Claim.byWorker(
            new Reporter(new RunRef(1, task.run().token()), "secret claim", "w"), null));
    execute(
        new Command.Heartbeat(
            new Reporter(new RunRef(1, task.run().token()), "secret claim", "w")));
    execute(new Command.ForceRetry("ann"));
    execute(new Command.ForceRetry("ann"));

    assertThat(keys)
        .containsExactly(
            "task.ASR.201", "task.ASR.202", "task.ASR.102", "task.ASR.201", "task.ASR.201");
    assertThat(bodies)
        .extracting(b -> b.path("from").asInt())
        .containsExactly(0, 201, 202, 102, 201);
    assertThat(bodies).extracting(b -> b.path("attempt").asInt()).containsExactly(1, 1, 1, 2, 3);
    assertThat(bodies).extracting(b -> b.path("event_id").asText()).doesNotHaveDuplicates();
    assertThat(bodies.toString()).doesNotContain(task.run().token()).doesNotContain("secret claim");
  }

  @Test
  void truncatesLongMessageBetweenCharacters() {
    execute(
        Command.Claim.byWorker(new Reporter(new RunRef(1, task.run().token()), "c", "w"), null));
    String message = "x".repeat(999) + "😀 and more";
    execute(
        Command.Fail.of(
            new Reporter(new RunRef(1, task.run().token()), "c", "w"),
            TaskState.ERROR,
            RunEnd.of(message),
            List.of()));

    assertThat(bodies.get(bodies.size() - 1).path("message").asText()).isEqualTo("x".repeat(999));
  }
}
