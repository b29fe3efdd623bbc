package dev.docket.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.BrokerNames;
import dev.docket.task.Policy;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.wire.RunId;
import java.io.IOException;
import java.util.List;

/**
 * The protocol of workers that acknowledge a message when the work is done, and send the reply
 * {@code {"state":…,"message":…}} to the queue in {@code reply_to}. Their exchange is not durable.
 */
public final class LateAckProtocol extends TopicProtocol {

  public static final String NAME = "late";

  /** The name of its exchange, without the prefix. */
  public static final String EXCHANGE = "late-exchange";

  private static final ObjectMapper JSON = new ObjectMapper();

  public LateAckProtocol(BrokerNames names) {
    super(NAME, Policy.AckMode.ACKNOWLEDGES_LATE, names, EXCHANGE, false);
  }

  @Override
  public List<Command.FromWorker> readReply(Task task, RunId run, byte[] body)
      throws UnreadableReply {
    JsonNode reply;
    try {
      reply = JSON.readTree(body);
    } catch (IOException e) {
      throw new UnreadableReply("not JSON");
    }
    int state = reply.path("state").asInt();
    String message = reply.path("message").asText();
    if (state == 200) {
      return List.of(
          new Command.Complete(
              new Reporter(new RunRef(run.attempt(), run.run()), null, NAME),
              RunEnd.of(message),
              List.of(),
              null));
    }
    try {
      return List.of(
          Command.Fail.of(
              new Reporter(new RunRef(run.attempt(), run.run()), null, NAME),
              TaskState.ofNumber(state),
              RunEnd.of(message),
              List.of()));
    } catch (IllegalArgumentException e) {
      throw new UnreadableReply("unknown state " + state);
    }
  }
}
