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

/** Recognises the format of a file by its content and name, with Apache Tika. */
public final class FormatWorker implements TaskHandler {

  /** The key of the tasks that it does. */
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

  /** Works until it is stopped. The arguments are the addresses of server and broker. */
  public static void main(String[] args) throws InterruptedException {
    DocketWorker.builder()
        .server(URI.create(args[0]))
        .broker(args[1])
        .handler(KEY, new FormatWorker())
        .build()
        .runUntilStopped();
  }
}
