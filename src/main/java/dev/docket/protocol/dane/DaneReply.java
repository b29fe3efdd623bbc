package dev.docket.protocol.dane;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.protocol.Transport;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.RunTiming;
import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.List;

/**
 * The reply of a DANE worker: {@code {"state": 200, "message": "…"}}, with state 412 also {@code
 * "dependencies"}. Other fields are ignored. The state may be a JSON string, and the whole reply
 * may be a JSON string that contains the object.
 *
 * @param message as the worker wrote it, truncated to {@value #MAX_MESSAGE_LENGTH} characters
 * @param dependencies a missing node if the reply has none
 */
record DaneReply(int state, String message, JsonNode dependencies) {

  /** In characters; the history of a task keeps up to fifty messages. */
  static final int MAX_MESSAGE_LENGTH = 65_536;

  // Python's json module writes NaN and Infinity, which are not valid JSON.
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Reads a reply in any of its forms. */
  static DaneReply read(byte[] body) throws Transport.UnreadableReply {
    JsonNode reply = object(body);
    JsonNode message = reply.path("message");
    return new DaneReply(
        state(reply.path("state")),
        truncated(
            message.isNull() || message.isMissingNode()
                ? ""
                : message.isTextual() ? message.textValue() : message.toString()),
        reply.path("dependencies"));
  }

  private static JsonNode object(byte[] body) throws Transport.UnreadableReply {
    try {
      JsonNode reply = JSON.readTree(body);
      if (reply != null && reply.isTextual()) {
        reply = JSON.readTree(reply.textValue());
      }
      if (reply != null && reply.isObject()) {
        return reply;
      }
    } catch (IOException e) {
      throw new Transport.UnreadableReply("it must be valid JSON");
    }
    throw new Transport.UnreadableReply("it must be a JSON object");
  }

  private static int state(JsonNode state) throws Transport.UnreadableReply {
    // DANE-server accepts 200.0 as well.
    if (state.isNumber() && state.canConvertToInt() && state.canConvertToExactIntegral()) {
      return state.intValue();
    }
    try {
      return Integer.parseInt(state.asText("").strip());
    } catch (NumberFormatException e) {
      throw new Transport.UnreadableReply("its state must be an integer");
    }
  }

  private static String truncated(String text) {
    if (text.length() <= MAX_MESSAGE_LENGTH) {
      return text;
    }
    boolean splitsSurrogatePair = Character.isHighSurrogate(text.charAt(MAX_MESSAGE_LENGTH - 1));
    return text.substring(0, MAX_MESSAGE_LENGTH - (splitsSurrogatePair ? 1 : 0));
  }

  /** The command for the run that the reply names. */
  Command.FromWorker command(Task task, RunId run) {
    if (state == TaskState.SUCCESS.number() || state == TaskState.CREATED.number()) {
      // 201 is dane-download-worker's answer for a file that it had downloaded before.
      return complete(run);
    }
    if (state == TaskState.PROCESSING.number()) {
      return new Command.Progress(reporter(run), null, null, message);
    }
    if (state == TaskState.UNFINISHED_DEPENDENCY.number()) {
      return unfinishedDependency(task, run);
    }
    if (state == TaskState.TASK_RESET.number()) {
      return fail(run, TaskState.ERROR, true);
    }
    for (TaskState failure : TaskState.values()) {
      if (failure.number() == state && failure.isWorkerFailure()) {
        return fail(run, failure, failure.isRetryable());
      }
    }
    // A number that Docket does not know still ends the run: no other reply will follow.
    return fail(run, TaskState.ERROR, false);
  }

  private Command.FromWorker complete(RunId run) {
    return new Command.Complete(reporter(run), end(), List.of(), null);
  }

  private Command.FromWorker fail(RunId run, TaskState end, boolean retried) {
    return new Command.Fail(reporter(run), end, end(), List.of(), retried);
  }

  private RunEnd end() {
    return new RunEnd(message, state, RunTiming.UNKNOWN);
  }

  private static Reporter reporter(RunId run) {
    return new Reporter(new RunRef(run.attempt(), run.run()), null, DaneProtocol.NAME);
  }

  private Command.FromWorker unfinishedDependency(Task task, RunId run) {
    try {
      List<Effect.NeededTask> needed =
          DaneDependencies.read(dependencies, task.spec().document().id(), task.key());
      return withoutNumber(run, TaskState.UNFINISHED_DEPENDENCY, message, needed);
    } catch (IllegalArgumentException e) {
      // Shown as 412, the task would seem to wait.
      return withoutNumber(
          run,
          TaskState.ERROR,
          "invalid dependencies in the worker's reply: " + e.getMessage() + ": " + message,
          List.of());
    }
  }

  /** Without the number: the task does not end with it. */
  private static Command.FromWorker withoutNumber(
      RunId run, TaskState state, String message, List<Effect.NeededTask> needed) {
    return Command.Fail.of(reporter(run), state, RunEnd.of(message), needed);
  }
}
