package dev.docket.broker;

/**
 * A setting of a queue because of which the broker rejects or drops messages.
 *
 * @param setting name of the setting in a policy, such as {@code max-length}
 * @param value its value, as text
 * @param source where it is set, for people: {@code policy "limit"} or {@code argument
 *     x-max-length}
 */
public record QueueLimit(String setting, String value, String source) {

  /** Maximum number of ready messages. */
  public static final String MAX_LENGTH = "max-length";

  /** Maximum size of the ready messages, in bytes. */
  public static final String MAX_LENGTH_BYTES = "max-length-bytes";

  /** What happens beyond the maximum: {@code drop-head} by default. */
  public static final String OVERFLOW = "overflow";

  /** Time after which the broker drops a message that is still ready, in milliseconds. */
  public static final String MESSAGE_TTL = "message-ttl";

  /** Time without consumers after which the broker deletes the queue, in milliseconds. */
  public static final String EXPIRES = "expires";

  /** Number of deliveries after which a quorum queue drops a message. */
  public static final String DELIVERY_LIMIT = "delivery-limit";

  /** Returns the value as a number; 0 if the value is not a number. */
  public long number() {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Returns the setting with its value and source. */
  @Override
  public String toString() {
    return setting + " " + value + " (" + source + ")";
  }
}
