package dev.docket.broker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what is in the broker's queues. Figures of a busy broker are some seconds old. */
public interface Census {

  /** Where the broker cannot be asked. */
  Census NONE =
      () -> {
        throw new BrokerUnavailable(
            "nobody can count the broker's queues: broker.management is not configured");
      };

  /**
   * The queues that are bound to an exchange of ours, by name. Blocks.
   *
   * @throws BrokerUnavailable if the broker does not answer, or there is nobody to ask
   */
  List<Queue> queues();

  /**
   * The same, with what else one must know to compare. Blocks.
   *
   * @throws BrokerUnavailable as {@link #queues}
   */
  default Figures count() {
    return new Figures(queues(), null, List.of());
  }

  /**
   * All queues at once.
   *
   * @param queues bound to an exchange of ours, by name
   * @param answers how many answers of workers nobody has taken and stored yet; null: nobody knows
   * @param detours bindings of exchanges of ours to other exchanges: what goes that way is not
   *     counted
   */
  record Figures(List<Queue> queues, @Nullable Long answers, List<Binding> detours) {
    public Figures {
      queues = List.copyOf(queues);
      detours = List.copyOf(detours);
    }
  }

  /**
   * A queue of workers.
   *
   * @param ready messages that wait in it
   * @param unacknowledged messages in the hands of its consumers
   * @param bindings what routing keys it takes
   * @param counted whether the broker says how many they are; it does not where the queue is new or
   *     its node is away, and the numbers are 0 then
   */
  record Queue(
      String name,
      long ready,
      long unacknowledged,
      int consumers,
      List<Binding> bindings,
      boolean counted) {
    public Queue {
      bindings = List.copyOf(bindings);
    }

    /** One whose figures are known. */
    public Queue(
        String name, long ready, long unacknowledged, int consumers, List<Binding> bindings) {
      this(name, ready, unacknowledged, consumers, bindings, true);
    }

    /** Whether a message with this routing key comes into it from this exchange. */
    public boolean takes(String exchange, String key) {
      return bindings.stream().anyMatch(b -> b.exchange().equals(exchange) && b.takes(key));
    }

    /** Whether a message with this routing key comes into it. */
    public boolean takes(String key) {
      return bindings.stream().anyMatch(binding -> binding.takes(key));
    }
  }

  /**
   * What a queue takes from an exchange.
   *
   * @param exchange its name, with the installation's prefix
   * @param routingKey a pattern of words, as {@code #.ASR}
   */
  record Binding(String exchange, String routingKey) {

    /**
     * Whether a topic exchange sends a message with this routing key this way: {@code *} stands for
     * one word, {@code #} for any number of them.
     */
    public boolean takes(String key) {
      return takes(List.of(routingKey.split("\\.", -1)), List.of(key.split("\\.", -1)));
    }

    private static boolean takes(List<String> pattern, List<String> words) {
      if (pattern.isEmpty()) {
        return words.isEmpty();
      }
      List<String> rest = pattern.subList(1, pattern.size());
      String first = pattern.get(0);
      if (first.equals("#")) {
        return takes(rest, words)
            || (!words.isEmpty() && takes(pattern, words.subList(1, words.size())));
      }
      return !words.isEmpty()
          && (first.equals("*") || first.equals(words.get(0)))
          && takes(rest, words.subList(1, words.size()));
    }
  }
}
