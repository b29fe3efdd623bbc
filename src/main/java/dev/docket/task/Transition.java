package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a task's history.
 *
 * @param at when; of a refusal, when it came last
 * @param from null for the creation
 * @param to the state after it; the same as {@code from} for a refused late answer
 * @param attempt the attempt it was about
 * @param by the command, and the worker or person where one is known
 * @param count how often; more than 1 only for refusals
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Transition(
    Instant at,
    @Nullable TaskState from,
    TaskState to,
    int attempt,
    String by,
    @Nullable String message,
    int count) {}
