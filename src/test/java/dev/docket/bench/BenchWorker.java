package dev.docket.bench;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.WorkerBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A worker that does nothing. The argument {@code results} of a task adds a result; the argument
 * {@code ms} makes it sleep for so many milliseconds. The worker prints the id of each task that it
 * executes, and exits when its parent process ends.
 */
public final class BenchWorker {

  static final String KEY = "BENCH";

  private BenchWorker() {}

  /**
   * Runs the worker.
   *
   * @param arguments the URI of the server, the number of concurrent tasks, and the URI of the
   *     broker; without the broker it polls
   */
  public static void main(String[] arguments) throws Exception {
    ConcurrentLinkedQueue<String> executed = new ConcurrentLinkedQueue<>();
    start("parent watchdog", BenchWorker::exitWithParent);
    PrintStream out = new PrintStream(System.out, false);
    start("prints executed tasks", () -> print(executed, out));
    WorkerBuilder builder =
        DocketWorker.builder()
            .server(URI.create(arguments[0]))
            .concurrency(Integer.parseInt(arguments[1]))
            .key(KEY)
            .handler(
                (task, context) -> {
                  if (task.args().get("ms") instanceof Number ms) {
                    Thread.sleep(ms.longValue());
                  }
                  executed.add(task.id());
                  return task.args().get("results") instanceof Number
                      ? Outcome.success("done").result(Map.of("words", 1234))
                      : Outcome.success("done");
                });
    if (arguments.length > 2) {
      builder.broker(arguments[2]);
    }
    builder.build().runUntilStopped();
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void print(ConcurrentLinkedQueue<String> executed, PrintStream out) {
    try {
      while (true) {
        for (String id = executed.poll(); id != null; id = executed.poll()) {
          out.append(id).append('\n');
        }
        out.flush();
        Thread.sleep(3);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent writes nothing; it only keeps the pipe open.
      }
    } catch (IOException e) {
      // The pipe is broken: the parent has ended.
    }
    Runtime.getRuntime().halt(1);
  }
}
