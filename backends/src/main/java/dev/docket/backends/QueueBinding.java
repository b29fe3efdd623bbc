package dev.docket.backends;

/**
 * A binding of the embedded broker.
 *
 * @param exchange empty for the default exchange, to which every queue is bound by its name
 */
public record QueueBinding(String exchange, String queue, String routingKey) {}
