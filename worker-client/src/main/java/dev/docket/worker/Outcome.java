package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportItem.NeededTask;
import dev.docket.wire.ReportItem.NewResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The outcome of a run. Messages are for people and are truncated to 4,096 characters. */
public sealed interface Outcome {

  /**
   * The number of the state that the task enters, for example 200. It is 201 for a give-back, after
   * which another worker can claim the task.
   */
  int state();

  String message();

  /** 200: the task succeeded. */
  static Success success(String message) {
    return new Success(message, List.of());
  }

  /** 400: the arguments are invalid. The server does not retry the task. */
  static Failure badRequest(String message) {
    return new Failure(400, message);
  }

  /** 403: access to the document is denied. The server does not retry the task. */
  static Failure accessDenied(String message) {
    return new Failure(403, message);
  }

  /** 404: the document does not exist. The server does not retry the task. */
  static Failure notFound(String message) {
    return new Failure(404, message);
  }

  /** 500: any other error. The server does not retry the task. */
  static Failure error(String message) {
    return new Failure(500, message);
  }

  /** 502: the fetched data is unusable. The server retries the task after a backoff. */
  static Failure invalidInput(String message) {
    return new Failure(502, message);
  }

  /** 503: a required system is unreachable. The server retries the task after a backoff. */
  static Failure unavailable(String message) {
    return new Failure(503, message);
  }

  /**
   * 412: other tasks of the same document must succeed first. The server creates missing ones and
   * runs this task again when all of them have succeeded.
   */
  static Needs needs(NeededTask... tasks) {
    List<NeededTask> needed = List.of(tasks);
    return new Needs(
        "needs " + needed.stream().map(NeededTask::key).collect(Collectors.joining(", ")), needed);
  }

  /** 412: the same as {@link #needs(NeededTask...)}, for tasks without arguments. */
  static Needs needs(String key, String... more) {
    return needs(
        Stream.concat(Stream.of(key), Arrays.stream(more))
            .map(neededKey -> new NeededTask(neededKey, null))
            .toArray(NeededTask[]::new));
  }

  /** Returns the task, for another worker to run. It does not count as a failure. */
  static GiveBack giveBack(String message) {
    return new GiveBack(message);
  }

  /** The task succeeded, with results. */
  record Success(String message, List<NewResult> results) implements Outcome {
    public Success {
      message = PlainText.of(message);
      results = List.copyOf(results);
    }

    @Override
    public int state() {
      return 200;
    }

    /**
     * Returns a copy with one more result. A run may have up to {@value ReportItem#MAX_RESULTS}
     * results. Each payload may have up to 16 MiB as JSON, unless the site configured another
     * limit. The worker uploads payloads that are too large for one report, before it reports the
     * end of the run. Beyond these limits the task ends with 500 and a message that names the
     * limit.
     *
     * @param payload any object that Jackson can write, or a {@code JsonNode}
     * @throws IllegalArgumentException if Jackson cannot write the payload
     */
    public Success result(Object payload) {
      return with(new NewResult(WireJson.tree(payload), null));
    }

    /** Returns a copy with one more result and its creator. */
    public Success result(Object payload, Generator generator) {
      return with(new NewResult(WireJson.tree(payload), generator.wire()));
    }

    private Success with(NewResult result) {
      List<NewResult> all = new ArrayList<>(results);
      all.add(result);
      return new Success(message, all);
    }
  }

  /** The task failed, or was cancelled (499). */
  record Failure(int state, String message) implements Outcome {
    private static final Set<Integer> STATES = Set.of(400, 403, 404, 499, 500, 502, 503);

    public Failure {
      if (!STATES.contains(state)) {
        throw new IllegalArgumentException(
            "state must be one of " + STATES + " (was " + state + ")");
      }
      message = PlainText.of(message);
    }
  }

  /** The task needs other tasks first. */
  record Needs(String message, List<NeededTask> tasks) implements Outcome {
    public Needs {
      message = PlainText.of(message);
      tasks = List.copyOf(tasks);
      if (tasks.isEmpty()) {
        throw new IllegalArgumentException("tasks must name at least one task");
      }
    }

    @Override
    public int state() {
      return 412;
    }

    /** Returns a copy with one more needed task. */
    public Needs and(String key, Map<String, Object> args) {
      List<NeededTask> all = new ArrayList<>(tasks);
      all.add(new NeededTask(Objects.requireNonNull(key, "key"), args));
      return needs(all.toArray(NeededTask[]::new));
    }
  }

  /** The worker returns the task. */
  record GiveBack(String message) implements Outcome {
    public GiveBack {
      message = PlainText.of(message);
    }

    @Override
    public int state() {
      return 201;
    }
  }
}
