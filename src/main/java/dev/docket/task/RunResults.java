package dev.docket.task;

/**
 * Whose results count: those of this run, numbered from 0. Readers see no others.
 *
 * @param attempt the run's attempt
 * @param run the run's token
 */
public record RunResults(int attempt, String run, int count) {}
