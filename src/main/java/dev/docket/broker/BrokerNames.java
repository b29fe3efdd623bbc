package dev.docket.broker;

/**
 * The names of this installation on the broker.
 *
 * @param prefix starts the names of all exchanges and queues that belong to the installation
 */
public record BrokerNames(String prefix) {

  /** The name of an exchange or queue of this installation. */
  public String of(String name) {
    return prefix + name;
  }

  /** The queue for replies of workers that do not report over HTTP. */
  public String replyQueue() {
    return of("docket-responses");
  }

  /** The dead-letter queue, for unreadable replies. */
  public String deadLetterQueue() {
    return of("docket-dead-letters");
  }
}
