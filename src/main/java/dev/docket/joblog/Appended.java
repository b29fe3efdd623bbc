package dev.docket.joblog;

/**
 * The outcome of an append.
 *
 * @param dropped how many of its lines were dropped because the log is full
 */
public record Appended(int dropped) {}
