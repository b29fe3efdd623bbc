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

/** How a run ended. Messages are for people; more than 4,096 characters are cut. */
public sealed interface Outcome {

  /** The state that the task gets: 200 and so on. A give-back is 201: it goes to another worker. */
  int state();

  String message();

  /** 200: done. */
  static Success success(String message) {
    return new Success(message, List.of());
  }

  /** 400: the arguments make no sense. Not tried again by itself. */
  static Failure badRequest(String message) {
    return new Failure(400, message);
  }

  /** 403: the document must not be read. Not tried again by itself. */
  static Failure accessDenied(String message) {
    return new Failure(403, message);
  }

  /** 404: the document is not there. Not tried again by itself. */
  static Failure notFound(String message) {
    return new Failure(404, message);
  }

  /** 500: something else is wrong. Not tried again by itself. */
  static Failure error(String message) {
    return new Failure(500, message);
  }

  /** 502: what was fetched cannot be used. Tried again after a back-off. */
  static Failure invalidInput(String message) {
    return new Failure(502, message);
  }

  /** 503: something that is needed cannot be reached now. Tried again after a back-off. */
  static Failure unavailable(String message) {
    return new Failure(503, message);
  }

  /** 412: other tasks of the same document must succeed first; they are made if not there. */
  static Needs needs(NeededTask... tasks) {
    List<NeededTask> needed = List.of(tasks);
    return new Needs(
        "needs " + needed.stream().map(NeededTask::key).collect(Collectors.joining(", ")), needed);
  }

  /** 412: as {@link #needs(NeededTask...)}, for tasks without arguments. */
  static Needs needs(String key, String... more) {
    return needs(
        Stream.concat(Stream.of(key), Arrays.stream(more))
            .map(each -> new NeededTask(each, null))
            .toArray(NeededTask[]::new));
  }

  /** This worker cannot do it now; the task goes to another. Counts as no failure. */
  static GiveBack giveBack(String message) {
    return new GiveBack(message);
  }

  /** Done, with what came out. */
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
     * The same with one more result. A run may have {@value ReportItem#MAX_RESULTS}, each of
     * {@value ReportItem#MAX_PAYLOAD_BYTES} bytes as JSON, all together {@value
     * ReportItem#MAX_RESULTS_BYTES}; with more the task ends with 500 and says so.
     *
     * @param payload whatever Jackson can write, or a {@code JsonNode}
     * @throws IllegalArgumentException if Jackson cannot write it
     */
    public Success result(Object payload) {
      return with(new NewResult(WireJson.tree(payload), null));
    }

    /** The same with one more result and who made it. */
    public Success result(Object payload, Generator generator) {
      return with(new NewResult(WireJson.tree(payload), generator.wire()));
    }

    private Success with(NewResult result) {
      List<NewResult> all = new ArrayList<>(results);
      all.add(result);
      return new Success(message, all);
    }
  }

  /** Not done. */
  record Failure(int state, String message) implements Outcome {
    private static final Set<Integer> STATES = Set.of(400, 403, 404, 499, 500, 502, 503);

    public Failure {
      if (!STATES.contains(state)) {
        throw new IllegalArgumentException("state: " + state + " is not one of " + STATES);
      }
      message = PlainText.of(message);
    }
  }

  /** Not yet: other tasks first. */
  record Needs(String message, List<NeededTask> tasks) implements Outcome {
    public Needs {
      message = PlainText.of(message);
      tasks = List.copyOf(tasks);
      if (tasks.isEmpty()) {
        throw new IllegalArgumentException("tasks: must name at least one");
      }
    }

    @Override
    public int state() {
      return 412;
    }

    /** The same with one more task that is needed. */
    public Needs and(String key, Map<String, Object> args) {
      List<NeededTask> all = new ArrayList<>(tasks);
      all.add(new NeededTask(Objects.requireNonNull(key, "key"), args));
      return needs(all.toArray(NeededTask[]::new));
    }
  }

  /** Not here. */
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
