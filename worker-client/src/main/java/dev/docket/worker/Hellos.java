package dev.docket.worker;

import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Introduces the worker to the server, every few seconds. The first hello after a restart also says
 * which process has ended, and is repeated until the server has closed the runs of that process.
 * Used by one thread.
 */
final class Hellos {

  private static final Logger LOG = LoggerFactory.getLogger(Hellos.class);

  private final WorkerSettings settings;
  private final WorkerProcess process;
  private final Reporter reporter;
  private final IntSupplier running;
  private long next = System.nanoTime();
  private boolean replacementSent;

  Hellos(WorkerSettings settings, WorkerProcess process, Reporter reporter, IntSupplier running) {
    this.settings = settings;
    this.process = process;
    this.reporter = reporter;
    this.running = running;
  }

  /** Sends the hello that is due, if any. */
  void tick(long now) {
    if (now - next < 0) {
      return;
    }
    next = now + settings.timeouts().helloInterval().toNanos();
    String former = process.former();
    if (former == null || replacementSent) {
      reporter.sendOnce(
          hello(null), response -> LOG.trace("The server responded to hello: {}", response));
    } else {
      replacementSent = true;
      reporter.send(hello(former), () -> true, this::onReplaced);
    }
  }

  private void onReplaced(@Nullable ReportResponse response) {
    if (response == null) {
      return;
    }
    process.formerReported();
    if (!response.accepted()) {
      LOG.warn(
          "The server does not close the tasks of the process before; they run again after their"
              + " leases have expired: {}",
          response.why());
    }
  }

  private ReportItem.Hello hello(@Nullable String former) {
    return new ReportItem.Hello(
        settings.name(),
        WorkerName.host(),
        settings.version(),
        settings.keys(),
        settings.typeNames(),
        settings.concurrency(),
        running.getAsInt(),
        process.id(),
        former);
  }
}
