package dev.docket.server;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TaskContext;
import dev.docket.worker.WorkerBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A worker in a process of its own, for tests that kill it. */
public final class MortalWorker {

  private MortalWorker() {}

  /**
   * Arguments: the address of the server, the directory of its state, the task key, what a handler
   * does ({@code hold}: logs a line and waits until the process is killed, {@code die}: ends the
   * process at once, {@code succeed}), and for a worker that does not poll the address of the
   * broker and the prefix.
   */
  public static void main(String[] args) throws InterruptedException {
    WorkerBuilder builder =
        DocketWorker.builder()
            .server(URI.create(args[0]))
            .stateDirectory(Path.of(args[1]))
            .name("mortal")
            .handler(args[2], (task, context) -> handle(args[3], context));
    if (args.length > 4) {
      builder.broker(args[4]).queuePrefix(args[5]);
    }
    builder.build().runUntilStopped();
  }

  private static Outcome handle(String mode, TaskContext context) throws InterruptedException {
    switch (mode) {
      case "hold" -> {
        context.log("holding");
        new CountDownLatch(1).await();
      }
      case "die" -> Runtime.getRuntime().halt(9);
      default -> {}
    }
    return Outcome.success("done");
  }
}
