package dev.docket.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link BenchWorker} in a separate process. */
final class BenchWorkerProcess implements AutoCloseable {

  private static final Path CLIENT_LOG = Path.of("worker.log");

  private final Process process;
  private final Map<String, Integer> executed = new HashMap<>();
  private final List<String> order = new ArrayList<>();

  /**
   * Starts the process.
   *
   * @param broker the URI of the broker; null for a worker that polls the server
   */
  BenchWorkerProcess(Path directory, String server, int threads, String broker) throws IOException {
    Path logback =
        Files.writeString(
            directory.resolve("worker-logback.xml"),
            """
            <configuration><appender name="f" class="ch.qos.logback.core.FileAppender"><file>%s</file><encoder>
            <pattern>%%d %%-5level %%logger{0} %%msg%%n</pattern></encoder></appender>
            <root level="WARN"><appender-ref ref="f"/></root></configuration>
            """
                .formatted(directory.resolve(CLIENT_LOG)));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms8m",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + logback,
                "-cp",
                System.getProperty("java.class.path"),
                BenchWorker.class.getName(),
                server,
                String.valueOf(threads)));
    if (broker != null) {
      command.add(broker);
    }
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve(CLIENT_LOG).toFile()))
            .start();
    Thread reader = new Thread(this::readOutput, "bench worker output");
    reader.setDaemon(true);
    reader.start();
  }

  private void readOutput() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String id = output.readLine(); id != null; id = output.readLine()) {
        synchronized (this) {
          executed.merge(id, 1, Integer::sum);
          order.add(id);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // The process has ended; await() notices that.
    }
  }

  /** Waits until this number of different tasks has been executed since {@link #reset}. */
  synchronized void await(int tasks) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (executed.size() < tasks) {
      if (System.nanoTime() - end > 0 || !process.isAlive()) {
        throw new IllegalStateException(
            "only "
                + executed.size()
                + " of "
                + tasks
                + " tasks were executed within 10 minutes or until the worker exited");
      }
      wait(100);
    }
  }

  synchronized void reset() {
    executed.clear();
    order.clear();
  }

  /** The number of runs since {@link #reset}. */
  synchronized int runs() {
    return order.size();
  }

  /** The ids of the tasks that were executed last, latest first. */
  synchronized List<String> lastTasks(int max) {
    List<String> last = new ArrayList<>();
    for (int i = order.size() - 1; i >= 0 && last.size() < max; i--) {
      last.add(order.get(i));
    }
    return last;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    // Process.destroy() would also close the worker's input, and the worker would halt immediately.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
