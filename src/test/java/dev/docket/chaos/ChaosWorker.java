package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.worker.DocketWorker;
import dev.docket.worker.Generator;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import dev.docket.worker.Task;
import dev.docket.worker.TaskContext;
import dev.docket.worker.WorkerBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * A worker that behaves as the arguments of its task say:
 *
 * <ul>
 *   <li>{@code ms}: the execution time in milliseconds (default: 5)
 *   <li>{@code end}: the state that it reports (default: 200)
 *   <li>{@code results}: the number of results (default: 0)
 *   <li>{@code bytes}: the size of a text in each result (default: 20)
 *   <li>{@code give_back}: the number of first attempts that it gives back (default: 0)
 * </ul>
 *
 * It exits when its parent process ends.
 */
public final class ChaosWorker {

  private static final int CONCURRENCY = 8;
  private static final int DEFAULT_BYTES = 20;

  private ChaosWorker() {}

  /**
   * Runs the worker.
   *
   * @param arguments its name, the URI of the server, the path of its {@link RunLog}, and the URI
   *     of the broker; without the broker it polls
   */
  public static void main(String[] arguments) throws Exception {
    exitWithParent();
    String name = arguments[0];
    RunLog log = new RunLog(Path.of(arguments[2]), name);
    ReportRecorder recorder = new ReportRecorder(URI.create(arguments[1]), log);
    WorkerBuilder builder =
        DocketWorker.builder()
            .name(name + "-" + ProcessHandle.current().pid())
            .server(recorder.address())
            .key("ALPHA")
            .key("BETA")
            .types(TargetType.TEXT, TargetType.IMAGE)
            .concurrency(CONCURRENCY)
            .handler((task, context) -> execute(task, context, log));
    if (arguments.length > 3) {
      builder.broker(arguments[3]);
    }
    builder.build().runUntilStopped();
  }

  private static void exitWithParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // The parent writes nothing; it only keeps the pipe open.
                }
              } catch (IOException e) {
                // The pipe is broken: the parent has ended.
              }
              Runtime.getRuntime().halt(1);
            },
            "parent watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  private static Outcome execute(Task task, TaskContext context, RunLog log) throws Exception {
    String nonce = UUID.randomUUID().toString();
    log.write("started", Map.of("task", task.id(), "attempt", task.attempt(), "nonce", nonce));
    int percent = 0;
    for (int remaining = number(task, "ms", 5); remaining > 0; remaining -= 250) {
      Thread.sleep(Math.min(remaining, 250));
      percent = Math.min(99, percent + 1);
      context.progress(percent);
    }
    if (task.attempt() <= number(task, "give_back", 0)) {
      return Outcome.giveBack("as requested");
    }
    int end = number(task, "end", 200);
    if (end != 200) {
      return new Outcome.Failure(end, "as requested");
    }
    Outcome.Success success = Outcome.success("done");
    for (int i = 0; i < number(task, "results", 0); i++) {
      JsonNode payload =
          ResultPayload.create(nonce, task.attempt(), i, number(task, "bytes", DEFAULT_BYTES));
      success =
          success.result(
              payload, Generator.software(ResultPayload.digest(payload), nonce + " " + i));
    }
    return success;
  }

  private static int number(Task task, String name, int defaultValue) {
    return task.args().get(name) instanceof Number number ? number.intValue() : defaultValue;
  }
}
