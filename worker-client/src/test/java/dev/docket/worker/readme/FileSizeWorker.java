package dev.docket.worker.readme;

import dev.docket.worker.DocketWorker;
import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

public final class FileSizeWorker {
  public static void main(String[] args) throws InterruptedException {
    DocketWorker.builder()
        .server(URI.create("http://localhost:5500"))
        .broker("amqp://localhost")
        .key("FILESIZE")
        .types(TargetType.VIDEO, TargetType.SOUND)
        .concurrency(2)
        .handler(
            (task, context) -> {
              Path file = Path.of(URI.create(task.document().target().url()));
              if (Files.notExists(file)) {
                return Outcome.notFound("there is no " + file);
              }
              return Outcome.success("measured").result(Map.of("bytes", Files.size(file)));
            })
        .build()
        .runUntilStopped();
  }
}
