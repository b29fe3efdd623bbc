package dev.docket.examples;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Generator;
import dev.docket.worker.Outcome;
import dev.docket.worker.Task;
import dev.docket.worker.TaskContext;
import dev.docket.worker.TaskHandler;
import java.net.URI;
import java.util.Map;
import org.apache.tika.Tika;

/** Detects the media type of a file from its content and name, with Apache Tika. */
public final class FormatWorker implements TaskHandler {

  /** The task key of this worker. */
  public static final String KEY = "FORMAT";

  private final Tika tika = new Tika();
  private final Generator generator = Generator.software("tika", tika.toString());

  @Override
  public Outcome handle(Task task, TaskContext context) throws Exception {
    return LocalFile.read(
        task,
        file -> {
          String mediaType = tika.detect(file);
          return Outcome.success(mediaType).result(Map.of("media_type", mediaType), generator);
        });
  }

  /** Runs the worker until it is stopped. Arguments: the server's URL and the broker's URI. */
  public static void main(String[] args) throws InterruptedException {
    DocketWorker.builder()
        .server(URI.create(args[0]))
        .broker(args[1])
        .handler(KEY, new FormatWorker())
        .build()
        .runUntilStopped();
  }
}
