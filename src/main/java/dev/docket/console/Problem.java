package dev.docket.console;

import dev.docket.explain.Explanation;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of one key that wait for the same reason.
 *
 * @param count number of these tasks, or of the lost messages
 * @param since since when the oldest of them has been waiting; null if unknown
 * @param example why one of these tasks, the one that has waited longest, is in its state; null if
 *     that was not read
 */
public record Problem(
    Kind kind, TaskKey key, long count, @Nullable Instant since, @Nullable Explanation example) {

  /** Kinds of problems, the most urgent first. */
  public enum Kind {
    UNROUTABLE(
        true,
        "no queue is bound",
        "Start a worker for this key and this type of document. The server then sends the tasks"
            + " within seconds."),
    NO_WORKER(
        true,
        "no worker reads the queue",
        "Start a worker for this key. The tasks are in its queue, and nothing else reads that queue."),
    BROKER_UNAVAILABLE(
        true,
        "the broker is unavailable",
        "Restore the broker. The server then publishes the tasks by itself."),
    MESSAGES_LOST(
        true,
        "the broker lost their messages",
        "Wait a minute: the server publishes them again after three counts agree. If this returns, a"
            + " queue drops messages, for example by a length limit."),
    SLOW_QUEUE(
        false,
        "workers have not taken them yet",
        "Start more workers, or wait. If the number does not fall, read the logs of the workers."),
    UNPUBLISHED(
        false,
        "not published yet",
        "Wait a minute. If the number does not fall, read the log of the server."),
    LIMITED(
        false,
        "they wait because of the limits of the key",
        "Nothing is wrong. To send them, resume the key or change its limits (/limits)."),
    DEPENDENCY(
        false,
        "they wait for other tasks",
        "If those tasks failed, correct the cause and retry them. If those tasks still run, wait.");

    private final boolean stuck;
    private final String title;
    private final String advice;

    Kind(boolean stuck, String title, String advice) {
      this.stuck = stuck;
      this.title = title;
      this.advice = advice;
    }

    /** Whether the tasks stay as they are until a person or a repair does something. */
    public boolean stuck() {
      return stuck;
    }

    /** What is wrong, as the end of a sentence about tasks. */
    public String title() {
      return title;
    }

    /** What to do. */
    public String advice() {
      return advice;
    }

    /** The states of the tasks. */
    public List<TaskState> states() {
      return switch (this) {
        case UNROUTABLE -> List.of(TaskState.NO_ROUTE_TO_QUEUE);
        case NO_WORKER, MESSAGES_LOST, SLOW_QUEUE -> List.of(TaskState.QUEUED);
        case BROKER_UNAVAILABLE, UNPUBLISHED, LIMITED ->
            List.of(TaskState.CREATED, TaskState.TASK_RESET);
        case DEPENDENCY -> List.of(TaskState.UNFINISHED_DEPENDENCY);
      };
    }
  }

  Problem explainedBy(Explanation explanation) {
    return new Problem(kind, key, count, since, explanation);
  }
}
