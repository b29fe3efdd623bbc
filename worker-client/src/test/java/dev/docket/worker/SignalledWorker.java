package dev.docket.worker;

import java.net.URI;
import java.time.Duration;

/** A worker in a process of its own: {@code long} never ends, everything else soon after a stop. */
public final class SignalledWorker {

  private SignalledWorker() {}

  /** Arguments: the server's address, and how to run. */
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
