package dev.docket.task;

/**
 * The results of one run, numbered from 0.
 *
 * @param attempt the attempt number of the run
 * @param run the token of the run
 * @param count the number of results
 */
public record RunResults(int attempt, String run, int count) {}
