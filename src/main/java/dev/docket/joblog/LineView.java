package dev.docket.joblog;

import java.time.Instant;

/**
 * A line in a response.
 *
 * @param line the number of the line in the log of its run, from 1
 */
public record LineView(int attempt, long line, Instant at, LogLevel level, String message) {}
