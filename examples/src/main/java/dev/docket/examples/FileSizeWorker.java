package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.Task;
import dev.docket.worker.TaskContext;
import dev.docket.worker.TaskHandler;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;

/** Says how many bytes a file has. A useful worker does not get smaller than this. */
public final class FileSizeWorker implements TaskHandler {

  /** The key of the tasks that it does. */
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

  /** Works until it is stopped. The arguments are the addresses of server and broker. */
  public static void main(String[] args) throws InterruptedException {
    DocketWorker.builder()
        .server(URI.create(args[0]))
        .broker(args[1])
        .handler(KEY, new FileSizeWorker())
        .build()
        .runUntilStopped();
  }
}
