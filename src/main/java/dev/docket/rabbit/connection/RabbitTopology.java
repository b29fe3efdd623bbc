package dev.docket.rabbit.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.broker.BrokerNames;
import dev.docket.protocol.Transport;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Route;
import dev.docket.wire.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges and queues that Docket declares. Declarations are idempotent and are repeated after
 * every reconnect, because a broker loses exchanges and queues that are not durable when it
 * restarts.
 *
 * <p>An exchange or queue that exists with different properties is used as it is, since it may
 * still work. The conflict is logged once, and {@link #conflicts} reports it until it is resolved.
 */
public final class RabbitTopology {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitTopology.class);
  private static final boolean DURABLE = true;
  private static final boolean EXCLUSIVE = true;
  private static final boolean AUTO_DELETE = true;
  private final BrokerNames names;
  private final WorkerProtocols protocols;
  private final Map<String, String> conflicts = new ConcurrentHashMap<>();

  public RabbitTopology(BrokerNames names, WorkerProtocols protocols) {
    this.names = names;
    this.protocols = protocols;
  }

  /** The exchanges to which tasks are published. */
  public List<String> taskExchanges() {
    return protocols.exchanges().stream().map(Transport.Exchange::name).toList();
  }

  /** The topic exchange to which every state change is published. */
  public String eventExchange() {
    return names.of(Topology.EVENTS);
  }

  /** The queue for replies of workers that do not report over HTTP. */
  public String responseQueue() {
    return names.replyQueue();
  }

  /** The dead-letter queue, for unreadable replies. */
  public String deadLetterQueue() {
    return names.deadLetterQueue();
  }

  /** The queue from which polls take the tasks of a route. */
  public String workerQueue(Route route) {
    return protocols.polledQueue(route).name();
  }

  /** Human-readable descriptions of the exchanges and queues that conflict; empty if none do. */
  public List<String> conflicts() {
    return List.copyOf(new TreeMap<>(conflicts).values());
  }

  /** Declares everything except worker queues. */
  public void declare(Connection connection) throws IOException, TimeoutException {
    for (Transport.Exchange exchange : protocols.exchanges()) {
      declareExchange(connection, exchange.name(), exchange.durable());
    }
    declareExchange(connection, eventExchange(), DURABLE);
    declareQueue(connection, responseQueue(), Map.of());
    declareQueue(connection, deadLetterQueue(), Map.of());
  }

  /** Declares and binds the worker queue of a route. */
  public void declareWorkerQueue(Connection connection, Route route)
      throws IOException, TimeoutException {
    Transport.Queue queue = protocols.polledQueue(route);
    declareQueue(connection, queue.name(), queue.arguments());
    declare(
        connection,
        "binding of " + queue.name(),
        "its exchange must exist",
        channel ->
            channel.queueBind(
                queue.name(), queue.source().exchange(), queue.source().routingKey()));
  }

  private void declareExchange(Connection connection, String name, boolean durable)
      throws IOException, TimeoutException {
    declare(
        connection,
        "exchange " + name,
        "it must be a " + (durable ? "durable" : "non-durable") + " topic exchange",
        channel ->
            channel.exchangeDeclare(
                name, BuiltinExchangeType.TOPIC, durable, !AUTO_DELETE, Map.of()));
  }

  private void declareQueue(Connection connection, String name, Map<String, Object> arguments)
      throws IOException, TimeoutException {
    declare(
        connection,
        "queue " + name,
        "it must be durable, neither exclusive nor auto-deleted, with the arguments " + arguments,
        channel -> channel.queueDeclare(name, DURABLE, !EXCLUSIVE, !AUTO_DELETE, arguments));
  }

  /**
   * Uses a new channel for each declaration, because the broker closes the channel if one fails.
   */
  private void declare(
      Connection connection, String object, String requirement, Declaration declaration)
      throws IOException, TimeoutException {
    Channel channel = Channels.open(connection);
    try {
      declaration.declare(channel);
    } catch (IOException | ShutdownSignalException e) {
      AMQP.Channel.Close rejection = rejection(e);
      if (rejection == null) {
        throw e;
      }
      addConflict(object, requirement, rejection);
      return;
    }
    channel.close();
    conflicts.remove(object);
  }

  private void addConflict(String object, String requirement, AMQP.Channel.Close rejection) {
    String advice =
        rejection.getReplyCode() == AMQP.PRECONDITION_FAILED
            ? "delete it while no server and no worker is running, or set another broker.prefix"
            : "create it by hand, or grant this user the permission";
    String conflict =
        "the broker rejects the declaration of %s (%s): %s; %s"
            .formatted(object, rejection.getReplyText(), requirement, advice);
    if (!conflict.equals(conflicts.put(object, conflict))) {
      LOG.error("Topology conflict: {}", conflict);
    }
  }

  /** The broker's reason if it closed only the channel; null if the connection is lost. */
  private static AMQP.Channel.@Nullable Close rejection(Exception failure) {
    Throwable cause = failure instanceof IOException ? failure.getCause() : failure;
    return cause instanceof ShutdownSignalException signal
            && signal.getReason() instanceof AMQP.Channel.Close close
        ? close
        : null;
  }

  /** A declaration, executed on a channel. */
  private interface Declaration {
    void declare(Channel channel) throws IOException;
  }

  @Override
  public String toString() {
    return "RabbitTopology" + taskExchanges();
  }
}
