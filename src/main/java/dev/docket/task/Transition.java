package dev.docket.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a task's history.
 *
 * @param at the time of the transition; for a refused report, when it last arrived
 * @param from the state before; null for the creation
 * @param to the state after; the same as {@code from} for a refused report
 * @param attempt the attempt that the entry is about
 * @param by the command, and the name of the worker or person if known
 * @param count how often this happened; more than 1 only for refused reports
 * @param principal the authenticated principal that caused it; null if the server, the broker or
 *     another task did, or a release that recorded none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Transition(
    Instant at,
    @Nullable TaskState from,
    TaskState to,
    int attempt,
    String by,
    @Nullable String message,
    int count,
    @Nullable String principal) {}
