package dev.docket.worker;

import java.net.URI;
import java.time.Duration;

/**
 * A worker in a separate process. The task {@code long} takes ten minutes, every other task six
 * seconds.
 */
public final class SignalledWorker {

  private SignalledWorker() {}

  /** Arguments: the address of the server, and {@code until-stopped} or {@code start}. */
  public static void main(String[] args) throws InterruptedException {
    DocketWorker worker =
        DocketWorker.builder()
            .server(URI.create(args[0]))
            .key("ASR")
            .concurrency(2)
            .stopLimit(Duration.ofSeconds(12))
            .handler(
                (task, context) -> {
                  Thread.sleep(task.id().equals("long") ? 600_000 : 6_000);
                  return Outcome.success("in time");
                })
            .build();
    if (args[1].equals("until-stopped")) {
      worker.runUntilStopped();
    } else {
      worker.start();
    }
  }
}
