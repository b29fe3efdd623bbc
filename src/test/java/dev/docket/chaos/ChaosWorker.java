package dev.docket.chaos;

import dev.docket.worker.DocketWorker;
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
 * A worker that does as a task's arguments say:
 *
 * <ul>
 *   <li>{@code ms}: how long it works
 *   <li>{@code end}: the state that it reports, 200 where nothing is said
 *   <li>{@code results}: how many results it hands in
 *   <li>{@code give_back}: how many of the first attempts it gives back
 * </ul>
 *
 * It ends with the process that started it.
 */
public final class ChaosWorker {

  private static final int CONCURRENCY = 8;

  private ChaosWorker() {}

  /** Its name, the server, the log of its runs, and the broker if it is to use that. */
  public static void main(String[] arguments) throws Exception {
    endWithParent();
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
            .handler((task, context) -> work(task, context, log));
    if (arguments.length > 3) {
      builder.broker(arguments[3]);
    }
    builder.build().runUntilStopped();
  }

  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nobody says anything.
                }
              } catch (IOException broken) {
                // The same as its end.
              }
              Runtime.getRuntime().halt(1);
            },
            "ends with its parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static Outcome work(Task task, TaskContext context, RunLog log) throws Exception {
    String nonce = UUID.randomUUID().toString();
    log.write("began", Map.of("task", task.id(), "attempt", task.attempt(), "nonce", nonce));
    int percent = 0;
    for (int left = number(task, "ms", 5); left > 0; left -= 250) {
      Thread.sleep(Math.min(left, 250));
      percent = Math.min(99, percent + 1);
      context.progress(percent);
    }
    if (task.attempt() <= number(task, "give_back", 0)) {
      return Outcome.giveBack("not here");
    }
    int end = number(task, "end", 200);
    if (end != 200) {
      return new Outcome.Failure(end, "as it was asked");
    }
    Outcome.Success success = Outcome.success("done");
    for (int i = 0; i < number(task, "results", 0); i++) {
      success = success.result(Map.of("nonce", nonce, "attempt", task.attempt(), "number", i));
    }
    return success;
  }

  private static int number(Task task, String name, int otherwise) {
    return task.args().get(name) instanceof Number number ? number.intValue() : otherwise;
  }
}
