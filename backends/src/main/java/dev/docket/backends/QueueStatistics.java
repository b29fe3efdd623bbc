package dev.docket.backends;

/**
 * What a queue of the embedded broker holds at the moment of asking.
 *
 * @param ready messages that wait for a consumer
 * @param unacknowledged messages that consumers hold
 */
public record QueueStatistics(
    String name, boolean durable, long ready, long unacknowledged, int consumers) {}
