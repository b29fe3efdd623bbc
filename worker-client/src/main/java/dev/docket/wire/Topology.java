package dev.docket.wire;

import java.util.Map;

/**
 * The names and arguments on the broker that the server and the workers share. The first
 * declaration decides; the broker closes the channel of a later one with different arguments.
 */
public final class Topology {

  /** The durable topic exchange that tasks are published to. */
  public static final String EXCHANGE = "docket-exchange";

  /** The topic exchange that every state change is published to. */
  public static final String EVENTS = "docket-events";

  /** The highest priority of a task; the lowest is 0. */
  public static final int MAX_PRIORITY = 10;

  /** Arguments of a worker queue. The queue is durable, not exclusive and not auto-deleted. */
  public static final Map<String, Object> QUEUE_ARGUMENTS = Map.of("x-max-priority", MAX_PRIORITY);

  private Topology() {}

  /**
   * The queue of Docket workers for one task key and target type. {@code v1} is the version of
   * {@link #QUEUE_ARGUMENTS}, which cannot change for an existing queue.
   *
   * @param prefix the installation's prefix for names on the broker; empty by default
   */
  public static String queue(String prefix, String key, String type) {
    return prefix + "docket.v1." + key + "." + type;
  }

  /** The routing key of a task: {@code <target type>.<KEY>}. */
  public static String routingKey(String type, String key) {
    return type + "." + key;
  }
}
