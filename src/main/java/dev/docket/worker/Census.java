package dev.docket.worker;

import java.util.List;

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
  List<Queue> look();

  /**
   * A queue of workers.
   *
   * @param ready messages that wait in it
   * @param unacknowledged messages in the hands of its consumers
   * @param bindings what routing keys it takes
   */
  record Queue(
      String name, long ready, long unacknowledged, int consumers, List<Binding> bindings) {
    public Queue {
      bindings = List.copyOf(bindings);
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
