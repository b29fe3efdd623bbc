package dev.docket.task.machine;

import java.time.Instant;

/**
 * The time and the random values of one decision, passed in so that deciding is a pure function.
 *
 * @param now with a precision of milliseconds
 * @param randomToken 32 random hexadecimal digits, for the token of a new run and the ids of
 *     effects
 * @param jitter a random number from 0 to 1
 */
public record DecisionContext(Instant now, String randomToken, double jitter) {}
