package dev.docket.rabbit.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.task.Route;
import dev.docket.wire.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there must be on the broker. Declaring it again is harmless, and is done after every
 * reconnect, because a broker's restart forgets what is not durable.
 *
 * <p>What somebody has declared otherwise is used as it is, since it may still do; but it is said
 * in the log once and by {@link #conflicts} until it is put right.
 */
public final class RabbitTopology {

  private static final Logger LOG = LoggerFactory.getLogger(RabbitTopology.class);
  private static final boolean DURABLE = true;
  private static final boolean EXCLUSIVE = true;
  private static final boolean AUTO_DELETE = true;
  private static final String RESPONSES = "docket-responses";
  private static final String DEAD_LETTERS = "docket-dead-letters";

  private final String prefix;
  private final List<WorkerProtocol.Exchange> exchanges;
  private final Map<String, String> conflicts = new ConcurrentHashMap<>();

  public RabbitTopology(String prefix, WorkerProtocols protocols) {
    this.prefix = prefix;
    this.exchanges = protocols.all().stream().map(WorkerProtocol::exchange).distinct().toList();
  }

  /** The name of a courier's exchange in this installation. */
  public String exchange(WorkerProtocol protocol) {
    return prefix + protocol.exchange().name();
  }

  /** The exchanges that tasks are published to. */
  public List<String> protocolExchanges() {
    return exchanges.stream().map(exchange -> prefix + exchange.name()).toList();
  }

  /** The topic exchange of all state changes. */
  public String events() {
    return prefix + Topology.EVENTS;
  }

  /** The queue that workers who do not report over HTTP answer to. */
  public String responses() {
    return prefix + RESPONSES;
  }

  /** The queue of the answers that nobody could read. */
  public String deadLetters() {
    return prefix + DEAD_LETTERS;
  }

  /** The queue of Docket's workers for a key and target type. */
  public String workerQueue(Route route) {
    return Topology.queue(prefix, route.key().value(), route.type().wire());
  }

  /** What is on the broker otherwise than it should be, for people; empty if nothing is. */
  public List<String> conflicts() {
    return List.copyOf(new TreeMap<>(conflicts).values());
  }

  /** Declares everything but worker queues. */
  public void declare(Connection connection) throws IOException, TimeoutException {
    for (WorkerProtocol.Exchange exchange : exchanges) {
      declareExchange(connection, prefix + exchange.name(), exchange.durable());
    }
    declareExchange(connection, events(), DURABLE);
    declareQueue(connection, responses(), Map.of());
    declareQueue(connection, deadLetters(), Map.of());
  }

  /** Declares the queue of a route, and binds it. */
  public void declareWorkerQueue(Connection connection, Route route)
      throws IOException, TimeoutException {
    String queue = workerQueue(route);
    declareQueue(connection, queue, Topology.QUEUE_ARGUMENTS);
    String key = Topology.routingKey(route.type().wire(), route.key().value());
    declare(
        connection,
        "binding of " + queue,
        "its exchange must be there",
        channel -> channel.queueBind(queue, prefix + Topology.EXCHANGE, key));
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

  /** Each on a channel of its own: a refused declaration closes its channel. */
  private void declare(Connection connection, String what, String must, Declaration declaration)
      throws IOException, TimeoutException {
    Channel channel = Channels.open(connection);
    try {
      declaration.on(channel);
    } catch (IOException | ShutdownSignalException failed) {
      AMQP.Channel.Close refusal = refusal(failed);
      if (refusal == null) {
        throw failed;
      }
      conflict(what, must, refusal);
      return;
    }
    channel.close();
    conflicts.remove(what);
  }

  private void conflict(String what, String must, AMQP.Channel.Close refusal) {
    String advice =
        refusal.getReplyCode() == AMQP.PRECONDITION_FAILED
            ? "delete it while no server and no worker runs, or give this installation another prefix"
            : "make it by hand, or allow this user to";
    String conflict =
        "the broker refuses the %s: %s; %s: %s"
            .formatted(what, refusal.getReplyText(), must, advice);
    if (!conflict.equals(conflicts.put(what, conflict))) {
      LOG.error("{}", conflict);
    }
  }

  /** What the broker said where it closed the channel only; null where the connection is gone. */
  private static AMQP.Channel.@Nullable Close refusal(Exception failed) {
    Throwable cause = failed instanceof IOException ? failed.getCause() : failed;
    return cause instanceof ShutdownSignalException signal
            && signal.getReason() instanceof AMQP.Channel.Close close
        ? close
        : null;
  }

  /** One declaration. */
  private interface Declaration {
    void on(Channel channel) throws IOException;
  }

  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    exchanges.forEach(exchange -> names.add(prefix + exchange.name()));
    return "RabbitTopology" + names;
  }
}
