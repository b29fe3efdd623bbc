package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.Task;
import dev.docket.worker.TaskContext;
import dev.docket.worker.TaskHandler;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;

/** A minimal worker: determines the size of a file in bytes. */
public final class FileSizeWorker implements TaskHandler {

  /** The task key of this worker. */
  public static final String KEY = "FILESIZE";

  @Override
  public Outcome handle(Task task, TaskContext context) throws Exception {
    return LocalFile.read(
        task,
        file -> {
          long bytes = Files.size(file);
          return Outcome.success(bytes + " bytes").result(Map.of("bytes", bytes));
        });
  }

  /** Runs the worker until it is stopped. Arguments: the server's URL and the broker's URI. */
  public static void main(String[] args) throws InterruptedException {
    DocketWorker.builder()
        .server(URI.create(args[0]))
        .broker(args[1])
        .handler(KEY, new FileSizeWorker())
        .build()
        .runUntilStopped();
  }
}
