package dev.docket.protocol.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.protocol.SampleTasks;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DaneProtocolTest {

  private static final DaneProtocol COURIER = new DaneProtocol();
  private static final Task TASK = SampleTasks.task("dane", "ASR");
  private static final RunId RUN = new RunId(TASK.id().value(), 1, TASK.run());

  private static Command.OfRun said(String answer) throws WorkerProtocol.Unreadable {
    return COURIER.answer(TASK, RUN, answer.getBytes(StandardCharsets.UTF_8)).get(0);
  }

  private static Command.Fail failed(String answer) throws WorkerProtocol.Unreadable {
    return (Command.Fail) said(answer);
  }

  @Test
  void itsExchangeIsDeclaredAsItsWorkersDoIt() {
    assertThat(COURIER.exchange()).isEqualTo(new WorkerProtocol.Exchange("DANE-exchange", false));
    assertThat(COURIER.ackMode()).isEqualTo(Policy.AckMode.ACKNOWLEDGES_LATE);
  }

  @Test
  void sendsTheFieldsThatItsWorkersKnowAndNoOthers() throws Exception {
    JsonNode sent = new ObjectMapper().readTree(COURIER.body(TASK));
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
  void successInAllItsForms(String answer) throws Exception {
    Command.Complete done = (Command.Complete) said(answer);
    assertThat(done.run()).isEqualTo(TASK.run());
    assertThat(done.attempt()).isEqualTo(1);
    assertThat(done.claimId()).isNull();
    assertThat(done.message()).isEqualTo("fertig ✓");
    assertThat(done.results()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 500, 502, 503})
  void failuresAreWhatTheWorkerSays(int state) throws Exception {
    Command.Fail fail = failed("{\"state\":" + state + ",\"message\":\"no\"}");
    assertThat(fail.state().number()).isEqualTo(state);
    assertThat(fail.message()).isEqualTo("no");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 201, 202, 205, 408, 418, 422, 424, 499, 501, 999})
  void aStateThatNoWorkerHasIsAnErrorThatNamesIt(int state) throws Exception {
    Command.Fail fail = failed("{\"state\":" + state + ",\"message\":\"odd\"}");
    assertThat(fail.state()).isEqualTo(TaskState.ERROR);
    assertThat(fail.message()).contains("state " + state).contains("odd");
  }

  @Test
  void beginningIsProgress() throws Exception {
    assertThat(said("{\"state\":102,\"message\":\"at it\"}"))
        .isInstanceOfSatisfying(
            Command.Progress.class, p -> assertThat(p.message()).isEqualTo("at it"));
  }

  @Test
  void aMessageMayBeMissingOrNoText() throws Exception {
    assertThat(failed("{\"state\":500}").message()).isEmpty();
    assertThat(failed("{\"state\":500,\"message\":null}").message()).isEmpty();
    assertThat(failed("{\"state\":500,\"message\":{\"a\":1}}").message()).isEqualTo("{\"a\":1}");
  }

  @Test
  void anEndlessMessageIsCut() throws Exception {
    String text = "x".repeat(DaneReply.MAX_MESSAGE_LENGTH - 1) + "😀😀";
    assertThat(failed("{\"state\":500,\"message\":\"" + text + "\"}").message())
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
  void whatNobodyCanReadIsNoAnswer(String answer) {
    assertThatThrownBy(() -> said(answer)).isInstanceOf(WorkerProtocol.Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\":412,\"message\":\"m\",\"dependencies\":[]}",
        "{\"state\":412,\"message\":\"m\",\"dependencies\":null}",
        "{\"state\":412,\"message\":\"m\"}",
      })
  void waitingForWhateverIsUnfinished(String answer) throws Exception {
    Command.Fail fail = failed(answer);
    assertThat(fail.state()).isEqualTo(TaskState.UNFINISHED_DEPENDENCY);
    assertThat(fail.needed()).isEmpty();
  }

  @Test
  void waitingForKeysWithAndWithoutArguments() throws Exception {
    Command.Fail fail =
        failed(
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

  private static Effect.Needed needed(String key, Map<String, Object> args) {
    TaskKey taskKey = new TaskKey(key);
    return new Effect.Needed(TaskId.of(TASK.spec().document().id(), taskKey), taskKey, args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}             | dependencies must be an array",
        "\"DOWNLOAD\"   | dependencies must be an array",
        "[7]            | dependencies/0 must be a key",
        "[\"A\",{}]     | dependencies/1 must be a key",
        "[\"A B\"]      | dependencies/0 must be 1 to 64",
        "[\"asr\"]      | dependencies/0 is the task itself",
      })
  void waitingForWhatCannotBeEndsTheTask(String dependencies, String why) throws Exception {
    Command.Fail fail =
        failed("{\"state\":412,\"message\":\"m\",\"dependencies\":" + dependencies + "}");
    assertThat(fail.state()).isEqualTo(TaskState.ERROR);
    assertThat(fail.message()).contains(why);
  }
}
