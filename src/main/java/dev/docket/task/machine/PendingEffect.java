package dev.docket.task.machine;

import java.time.Instant;

/**
 * An effect in a task's outbox.
 *
 * @param id unique in the task
 * @param due when somebody else may take it for forgotten, or, of a delayed one, when it begins
 */
public record PendingEffect(String id, Instant due, Effect effect) {}
