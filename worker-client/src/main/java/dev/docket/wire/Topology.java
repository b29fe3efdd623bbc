package dev.docket.wire;

import java.util.Map;

/**
 * The names and arguments on the broker that server and workers must agree on: whoever declares
 * first decides, and who declares differently has his channel closed.
 */
public final class Topology {

  /** The durable topic exchange that tasks are published to. */
  public static final String EXCHANGE = "docket-exchange";

  /** The topic exchange that every state change is published to. */
  public static final String EVENTS = "docket-events";

  /** Tasks have priorities 0 to 10. */
  public static final int MAX_PRIORITY = 10;

  /** Arguments of a worker queue, which is durable, neither exclusive nor auto-deleted. */
  public static final Map<String, Object> QUEUE_ARGUMENTS = Map.of("x-max-priority", MAX_PRIORITY);

  private Topology() {}

  /**
   * The queue of Docket's workers for one key and target type; the {@code v1} stands for {@link
   * #QUEUE_ARGUMENTS}, which cannot change on a queue that exists.
   *
   * @param prefix what this installation puts before its names, empty by default
   */
  public static String queue(String prefix, String key, String type) {
    return prefix + "docket.v1." + key + "." + type;
  }

  /** The routing key of a task: {@code <target type>.<KEY>}. */
  public static String routingKey(String type, String key) {
    return type + "." + key;
  }
}
