package dev.docket.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.wire.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * The protocol of workers that acknowledge a message when the work is done, and send the reply
 * {@code {"state":…,"message":…}} to the queue in {@code reply_to}. Their exchange is not durable.
 */
public final class LateAckProtocol implements WorkerProtocol, Transport.Broker {

  public static final String NAME = "late";

  /** The name of its exchange, without the prefix. */
  public static final String EXCHANGE = "late-exchange";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TopicMessages messages;

  public LateAckProtocol(BrokerNames names) {
    this.messages = new TopicMessages(names, EXCHANGE, false);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Policy.AckMode ackMode() {
    return Policy.AckMode.ACKNOWLEDGES_LATE;
  }

  @Override
  public Transport transport() {
    return this;
  }

  @Override
  public List<Exchange> exchanges() {
    return messages.exchanges();
  }

  @Override
  public Destination destination(Route route) {
    return messages.destination(route);
  }

  @Override
  public List<Queue> queues(Route route) {
    return List.of();
  }

  @Override
  public OutboundMessage message(Task task, Instant now) {
    return messages.message(task, MessageBody.bytes(task), now);
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
