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
 * A worker with an empty task, or one that hands in as many results as the argument {@code results}
 * says and takes as many milliseconds as {@code ms} says. It prints the id of each task that it
 * executes, and ends with the process that started it.
 */
public final class BenchWorker {

  static final String KEY = "BENCH";

  private BenchWorker() {}

  /** The server, how many tasks at once, and the broker if it is to use that. */
  public static void main(String[] arguments) throws Exception {
    ConcurrentLinkedQueue<String> executed = new ConcurrentLinkedQueue<>();
    start("ends with its parent", BenchWorker::endWithParent);
    PrintStream out = new PrintStream(System.out, false);
    start("tells", () -> print(executed, out));
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

  private static void start(String name, Runnable what) {
    Thread thread = new Thread(what, name);
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
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nobody says anything.
      }
    } catch (IOException broken) {
      // The same as its end.
    }
    Runtime.getRuntime().halt(1);
  }
}
