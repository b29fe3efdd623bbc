package dev.docket.task;

import java.util.regex.Pattern;

/**
 * One process of a worker. A worker that restarts has a new instance, and may end the runs of the
 * one before.
 *
 * @param id chosen by the worker at random
 * @param principal the name of the API key that the process uses; with another one, the same id is
 *     another instance
 */
public record WorkerInstance(String id, String principal) {

  /** What an id looks like. */
  public static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
}
