package dev.docket.broker;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queue statistics: how many messages and consumers the broker's queues have. The numbers of a busy
 * broker are some seconds old.
 */
public interface Census {

  /** A census without a source, for a server that has no access to queue statistics. */
  Census NONE =
      () -> {
        throw new BrokerUnavailable(
            "the broker's queues are not counted: broker.management is not configured");
      };

  /**
   * The queues that are bound to an exchange to which Docket publishes tasks, in order of name.
   * Blocks.
   *
   * @throws BrokerUnavailable if the broker does not respond, or no source is configured
   */
  List<Queue> queues();

  /**
   * The same queues, with the other numbers that a comparison of store and broker needs. Blocks.
   *
   * @throws BrokerUnavailable as {@link #queues}
   */
  default Statistics count() {
    return new Statistics(queues(), null, List.of());
  }

  /**
   * Statistics of all queues, from one reading.
   *
   * @param queues the queues that are bound to an exchange to which Docket publishes tasks, in
   *     order of name
   * @param pendingReplies how many replies of workers are not stored yet; null if unknown
   * @param exchangeBindings bindings from these exchanges to other exchanges; messages that take
   *     such a binding are not counted
   */
  record Statistics(
      List<Queue> queues, @Nullable Long pendingReplies, List<Binding> exchangeBindings) {
    public Statistics {
      queues = List.copyOf(queues);
      exchangeBindings = List.copyOf(exchangeBindings);
    }
  }

  /**
   * A queue of workers.
   *
   * @param ready how many messages are waiting in the queue
   * @param unacknowledged how many messages its consumers have received and not acknowledged
   * @param bindings the bindings from Docket's exchanges to this queue
   * @param counted whether the broker reports the numbers; false if the queue is new or its node is
   *     down, and the numbers are 0 then
   * @param limits the settings because of which the broker rejects or drops messages of the queue
   */
  record Queue(
      String name,
      long ready,
      long unacknowledged,
      int consumers,
      List<Binding> bindings,
      boolean counted,
      List<QueueLimit> limits) {
    public Queue {
      bindings = List.copyOf(bindings);
      limits = List.copyOf(limits);
    }

    /** Returns a limit by the name of its setting. */
    public Optional<QueueLimit> limit(String setting) {
      return limits.stream().filter(limit -> limit.setting().equals(setting)).findFirst();
    }

    /** Whether this exchange routes a message with this routing key to the queue. */
    public boolean receives(String exchange, String routingKey) {
      return bindings.stream()
          .anyMatch(binding -> binding.exchange().equals(exchange) && binding.matches(routingKey));
    }

    /** Whether any exchange routes a message with this routing key to the queue. */
    public boolean receives(String routingKey) {
      return bindings.stream().anyMatch(binding -> binding.matches(routingKey));
    }
  }

  /**
   * A binding from an exchange.
   *
   * @param exchange its name, with the installation's prefix
   * @param routingKey a pattern such as {@code #.ASR}
   */
  record Binding(String exchange, String routingKey) {

    /**
     * Whether a topic exchange routes a message with this routing key over the binding. In the
     * pattern, {@code *} stands for one word and {@code #} for any number of words.
     */
    public boolean matches(String key) {
      return matches(List.of(routingKey.split("\\.", -1)), List.of(key.split("\\.", -1)));
    }

    private static boolean matches(List<String> pattern, List<String> words) {
      if (pattern.isEmpty()) {
        return words.isEmpty();
      }
      List<String> rest = pattern.subList(1, pattern.size());
      String first = pattern.get(0);
      if (first.equals("#")) {
        return matches(rest, words)
            || (!words.isEmpty() && matches(pattern, words.subList(1, words.size())));
      }
      return !words.isEmpty()
          && (first.equals("*") || first.equals(words.get(0)))
          && matches(rest, words.subList(1, words.size()));
    }
  }
}
