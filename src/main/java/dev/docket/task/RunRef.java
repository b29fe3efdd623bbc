package dev.docket.task;

/**
 * Names a run of a task.
 *
 * @param attempt the attempt number
 * @param token the random token of the run
 */
public record RunRef(int attempt, String token) {}
