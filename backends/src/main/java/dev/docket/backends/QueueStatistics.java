package dev.docket.backends;

/**
 * Current statistics of a queue of the embedded broker.
 *
 * @param ready number of messages that wait for a consumer
 * @param unacknowledged number of messages that consumers hold
 */
public record QueueStatistics(
    String name, boolean durable, long ready, long unacknowledged, int consumers) {}
