package dev.docket.protocol.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.protocol.SampleTasks;
import dev.docket.protocol.Transport;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.TaskMachine;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DaneProtocolTest {

  private static final DaneProtocol PROTOCOL = new DaneProtocol(new BrokerNames("one."));
  private static final Task TASK = SampleTasks.task("dane", "ASR");
  private static final RunId RUN = new RunId(TASK.id().value(), 1, TASK.run().token());

  private static Command.FromWorker command(String reply) throws Transport.UnreadableReply {
    return PROTOCOL.readReply(TASK, RUN, reply.getBytes(StandardCharsets.UTF_8)).get(0);
  }

  private static Command.Fail failCommand(String reply) throws Transport.UnreadableReply {
    return (Command.Fail) command(reply);
  }

  @Test
  void exchangeIsDeclaredAsDaneWorkersDeclareIt() {
    assertThat(PROTOCOL.exchanges())
        .containsExactly(new Transport.Exchange("one.DANE-exchange", false));
    assertThat(PROTOCOL.queues(Route.of(TASK))).isEmpty();
    assertThat(PROTOCOL.ackMode()).isEqualTo(Policy.AckMode.ACKNOWLEDGES_LATE);
  }

  @Test
  void sendsThePropertiesThatDaneServerSends() {
    OutboundMessage message = PROTOCOL.message(TASK, Instant.EPOCH);

    assertThat(message.destination())
        .isEqualTo(new Destination("one.DANE-exchange", Route.of(TASK).toString()));
    OutboundMessage.Properties properties = message.properties();
    assertThat(properties.correlationId()).isEqualTo(RUN.toString());
    assertThat(properties.replyTo()).isEqualTo("one.docket-responses");
    assertThat(properties.priority()).isEqualTo(TASK.spec().priority());
    assertThat(properties.persistent()).isTrue();
    assertThat(properties.contentType()).isEqualTo("application/json");
    assertThat(properties.headers()).containsOnlyKeys("traceparent");
  }

  @Test
  void sendsOnlyTheFieldsThatDaneWorkersKnow() throws Exception {
    JsonNode sent = new ObjectMapper().readTree(PROTOCOL.message(TASK, Instant.EPOCH).body());
    assertThat(sent.fieldNames()).toIterable().containsExactly("task", "document");
    assertThat(sent.path("task").fieldNames())
        .toIterable()
        .isSubsetOf("key", "_id", "state", "msg", "created_at", "updated_at", "priority", "args");
    assertThat(sent.path("document").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("_id", "target", "creator", "created_at", "updated_at");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\":200,\"message\":\"fertig ✓\"}",
        "{\"state\":\"200\",\"message\":\"fertig ✓\"}",
        "{\"state\":\" 200 \",\"message\":\"fertig ✓\",\"SHARED\":{\"x\":NaN}}",
        "\"{\\\"state\\\": 200, \\\"message\\\": \\\"fertig ✓\\\"}\"",
      })
  void readsSuccessInEveryForm(String reply) throws Exception {
    Command.Complete done = (Command.Complete) command(reply);
    assertThat(done.run()).isEqualTo(TASK.run().ref());
    assertThat(done.from().claimId()).isNull();
    assertThat(done.end().message()).isEqualTo("fertig ✓");
    assertThat(done.results()).isEmpty();
    assertThat(done.end().answeredState()).isEqualTo(200);
  }

  @Test
  void completesTaskWhoseWorkerSaysThatItWasDoneBefore() throws Exception {
    Command.Complete done = (Command.Complete) command("{\"state\":201,\"message\":\"there\"}");
    assertThat(done.end().message()).isEqualTo("there");
    assertThat(done.end().answeredState()).isEqualTo(201);
  }

  @Test
  void sendsStateAndMessageOfNewTaskWhateverTheTaskHasBecome() throws Exception {
    JsonNode sent = new ObjectMapper().readTree(PROTOCOL.message(TASK, Instant.EPOCH).body());
    assertThat(sent.at("/task/state").asInt()).isEqualTo(201);
    assertThat(sent.at("/task/msg").asText()).isEqualTo("Created");
    Task reset =
        TaskMachine.apply(
                TASK,
                new Command.Reset("ann"),
                new Policy(
                    "dane",
                    Policy.AckMode.ACKNOWLEDGES_LATE,
                    3,
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(10),
                    60,
                    Duration.ofHours(1),
                    Duration.ofDays(7),
                    10),
                new DecisionContext(TASK.createdAt(), "1".repeat(32), 0))
            .task();
    sent = new ObjectMapper().readTree(PROTOCOL.message(reset, Instant.EPOCH).body());
    assertThat(sent.at("/task/state").asInt()).isEqualTo(201);
    assertThat(sent.at("/task/msg").asText()).isEqualTo("Reset");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 500, 502, 503})
  void failureKeepsTheStateOfTheReply(int state) throws Exception {
    Command.Fail fail = failCommand("{\"state\":" + state + ",\"message\":\"no\"}");
    assertThat(fail.state().number()).isEqualTo(state);
    assertThat(fail.end().message()).isEqualTo("no");
    assertThat(fail.end().answeredState()).isEqualTo(state);
    assertThat(fail.retryable()).isEqualTo(state == 502 || state == 503);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 202, 205, 408, 418, 422, 424, 499, 501, 999, Integer.MAX_VALUE})
  void failsTaskWithOtherNumberAndKeepsNumber(int state) throws Exception {
    Command.Fail fail = failCommand("{\"state\":" + state + ",\"message\":\"odd\"}");
    assertThat(fail.state()).isEqualTo(TaskState.ERROR);
    assertThat(fail.end().message()).isEqualTo("odd");
    assertThat(fail.end().answeredState()).isEqualTo(state);
    assertThat(fail.retryable()).isEqualTo(state == 205);
  }

  @Test
  void state102IsProgress() throws Exception {
    assertThat(command("{\"state\":102,\"message\":\"at it\"}"))
        .isInstanceOfSatisfying(
            Command.Progress.class, p -> assertThat(p.message()).isEqualTo("at it"));
  }

  @Test
  void acceptsAMissingOrNonStringMessage() throws Exception {
    assertThat(failCommand("{\"state\":500}").end().message()).isEmpty();
    assertThat(failCommand("{\"state\":500,\"message\":null}").end().message()).isEmpty();
    assertThat(failCommand("{\"state\":500,\"message\":{\"a\":1}}").end().message())
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void truncatesALongMessage() throws Exception {
    String text = "x".repeat(DaneReply.MAX_MESSAGE_LENGTH - 1) + "😀😀";
    assertThat(failCommand("{\"state\":500,\"message\":\"" + text + "\"}").end().message())
        .isEqualTo("x".repeat(DaneReply.MAX_MESSAGE_LENGTH - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "null",
        "200",
        "[]",
        "\"\"",
        "\"no json\"",
        "\"\\\"{}\\\"\"",
        "{}",
        "{\"state\":null}",
        "{\"state\":\"done\"}",
        "{\"state\":200.5}",
        "{\"state\":99999999999}",
        "{\"state\":{\"a\":1}}",
      })
  void rejectsAnUnreadableReply(String reply) {
    assertThatThrownBy(() -> command(reply)).isInstanceOf(Transport.UnreadableReply.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\":412,\"message\":\"m\",\"dependencies\":[]}",
        "{\"state\":412,\"message\":\"m\",\"dependencies\":null}",
        "{\"state\":412,\"message\":\"m\"}",
      })
  void state412WithoutDependenciesWaitsForAnyUnfinishedTask(String reply) throws Exception {
    Command.Fail fail = failCommand(reply);
    assertThat(fail.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(fail.needed()).isEmpty();
    assertThat(fail.end().answeredState()).isNull();
  }

  @Test
  void readsDependenciesWithAndWithoutArguments() throws Exception {
    Command.Fail fail =
        failCommand(
            "{\"state\":\"412\",\"message\":\"m\",\"dependencies\":[\"download\","
                + "{\"key\":\"OCR\",\"priority\":3,\"lang\":\"nl\",\"deep\":{\"a\":[1]}},"
                + "{\"key\":\"SHOT\",\"args\":{\"fps\":25}}]}");
    assertThat(fail.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(fail.needed())
        .containsExactly(
            needed("DOWNLOAD", Map.of()),
            needed("OCR", Map.of("lang", "nl", "deep", Map.of("a", java.util.List.of(1)))),
            needed("SHOT", Map.of("fps", 25)));
  }

  private static Effect.NeededTask needed(String key, Map<String, Object> args) {
    TaskKey taskKey = new TaskKey(key);
    return new Effect.NeededTask(TaskId.of(TASK.spec().document().id(), taskKey), taskKey, args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}             | dependencies must be an array",
        "\"DOWNLOAD\"   | dependencies must be an array",
        "[7]            | dependencies/0 must be a task key",
        "[\"A\",{}]     | dependencies/1 must be a task key",
        "[\"A B\"]      | dependencies/0 must be 1 to 64",
        "[\"asr\"]      | dependencies/0 must not be the key",
      })
  void invalidDependenciesEndTheTaskWithAnError(String dependencies, String reason)
      throws Exception {
    Command.Fail fail =
        failCommand("{\"state\":412,\"message\":\"m\",\"dependencies\":" + dependencies + "}");
    assertThat(fail.state()).isEqualTo(TaskState.ERROR);
    assertThat(fail.end().message()).contains(reason);
    assertThat(fail.end().answeredState()).isNull();
  }
}
