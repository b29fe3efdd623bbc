package dev.docket.broker;

/**
 * Where a message is published.
 *
 * @param exchange its full name; empty for the default exchange, whose routing keys are the names
 *     of queues
 */
public record Destination(String exchange, String routingKey) {}
