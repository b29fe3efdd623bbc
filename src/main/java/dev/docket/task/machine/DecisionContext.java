package dev.docket.task.machine;

import java.time.Instant;

/**
 * The clock and the dice of one decision, thrown beforehand, so that deciding is a pure function.
 *
 * @param now in milliseconds
 * @param fresh 32 random hexadecimal digits: the token of a new run, and the ids of effects
 * @param jitter 0 to 1
 */
public record DecisionContext(Instant now, String fresh, double jitter) {}
