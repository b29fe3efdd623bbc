package dev.docket.task.machine;

import java.time.Instant;

/**
 * An effect in a task's outbox.
 *
 * @param id unique within the task
 * @param due when other servers may perform the effect; for a delayed one, when it starts
 */
public record PendingEffect(String id, Instant due, Effect effect) {}
