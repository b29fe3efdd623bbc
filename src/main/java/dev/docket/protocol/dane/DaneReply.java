package dev.docket.protocol.dane;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.List;

/**
 * What a DANE worker answers: {@code {"state": 200, "message": "…"}}, with 412 also {@code
 * "dependencies"}; whatever else is in it is for others. The state may be a text, and all of it may
 * be a JSON text whose content is that object.
 *
 * @param message as the worker wrote it, cut at {@value #MAX_MESSAGE_LENGTH} characters
 * @param dependencies missing where there are none
 */
record DaneReply(int state, String message, JsonNode dependencies) {

  /** In characters; the history keeps fifty of them. */
  static final int MAX_MESSAGE_LENGTH = 65_536;

  // Python writes NaN and Infinity, which are no JSON.
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Reads an answer in any of its forms. */
  static DaneReply read(byte[] body) throws WorkerProtocol.Unreadable {
    JsonNode said = object(body);
    JsonNode message = said.path("message");
    return new DaneReply(
        state(said.path("state")),
        shortened(
            message.isNull() || message.isMissingNode()
                ? ""
                : message.isTextual() ? message.textValue() : message.toString()),
        said.path("dependencies"));
  }

  private static JsonNode object(byte[] body) throws WorkerProtocol.Unreadable {
    try {
      JsonNode said = JSON.readTree(body);
      if (said != null && said.isTextual()) {
        said = JSON.readTree(said.textValue());
      }
      if (said != null && said.isObject()) {
        return said;
      }
    } catch (IOException notJson) {
      throw new WorkerProtocol.Unreadable("it is no JSON");
    }
    throw new WorkerProtocol.Unreadable("it is no JSON object");
  }

  private static int state(JsonNode state) throws WorkerProtocol.Unreadable {
    if (state.isIntegralNumber() && state.canConvertToInt()) {
      return state.intValue();
    }
    try {
      return Integer.parseInt(state.asText("").strip());
    } catch (NumberFormatException noNumber) {
      throw new WorkerProtocol.Unreadable("its state is no whole number");
    }
  }

  private static String shortened(String text) {
    if (text.length() <= MAX_MESSAGE_LENGTH) {
      return text;
    }
    boolean halfCharacter = Character.isHighSurrogate(text.charAt(MAX_MESSAGE_LENGTH - 1));
    return text.substring(0, MAX_MESSAGE_LENGTH - (halfCharacter ? 1 : 0));
  }

  /** What it means for the run that it echoes. */
  Command.OfRun command(Task task, RunId run) {
    if (state == TaskState.SUCCESS.number()) {
      return new Command.Complete(
          run.attempt(), run.run(), null, DaneProtocol.NAME, message, List.of());
    }
    if (state == TaskState.PROCESSING.number()) {
      return new Command.Progress(
          run.attempt(), run.run(), null, DaneProtocol.NAME, null, null, message);
    }
    if (state == TaskState.UNFINISHED_DEPENDENCY.number()) {
      return waiting(task, run);
    }
    for (TaskState known : TaskState.values()) {
      if (known.number() == state && known.isWorkersFailure()) {
        return failed(run, known, message, List.of());
      }
    }
    // An end that nobody knows is still one: left alone, the task would wait for another.
    return failed(
        run,
        TaskState.ERROR,
        "the worker answered with state " + state + ", which is none of a worker's: " + message,
        List.of());
  }

  private Command.OfRun waiting(Task task, RunId run) {
    try {
      List<Effect.Needed> needed =
          DaneDependencies.read(dependencies, task.spec().document().id(), task.key());
      return failed(run, TaskState.UNFINISHED_DEPENDENCY, message, needed);
    } catch (IllegalArgumentException bad) {
      return failed(
          run,
          TaskState.ERROR,
          "the worker asks for other tasks first, but " + bad.getMessage() + ": " + message,
          List.of());
    }
  }

  private static Command.OfRun failed(
      RunId run, TaskState state, String message, List<Effect.Needed> needed) {
    return new Command.Fail(
        run.attempt(), run.run(), null, DaneProtocol.NAME, state, message, needed);
  }
}
