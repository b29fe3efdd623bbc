package dev.docket.chaos;

import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.LocalRabbitMq;
import dev.docket.server.PythonWorker;
import dev.docket.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The kinds of programs there are, as victims. */
final class FaultTargets {

  private FaultTargets() {}

  /** A server of Docket. */
  record Server(ServerProcess program) implements FaultTarget {
    @Override
    public void start() {
      program.start();
    }

    @Override
    public boolean isReady() {
      return isAlive() && program.answers("/ready", 200);
    }

    @Override
    public boolean isAlive() {
      return program.process().isAlive();
    }

    @Override
    public void kill() throws InterruptedException {
      program.kill();
    }

    @Override
    public void terminate() throws InterruptedException {
      program.process().destroy();
      if (!program.process().waitFor(40, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a server does not end on SIGTERM");
      }
    }

    @Override
    public List<ProcessHandle> processes() {
      return List.of(program.process().toHandle());
    }

    @Override
    public void close() {
      program.process().destroyForcibly();
    }
  }

  /** Elasticsearch, with its one node. */
  record Store(LocalElasticsearch program) implements FaultTarget {
    @Override
    public void start() {
      program.startAgain();
    }

    @Override
    public boolean isReady() {
      return program.isRunning();
    }

    @Override
    public boolean isAlive() {
      return program.isRunning();
    }

    @Override
    public void kill() {
      program.kill();
    }

    /** Without its guard, which must hear when it is to end. */
    @Override
    public List<ProcessHandle> processes() {
      return withoutGuard(program.processes());
    }

    @Override
    public void close() {
      program.kill();
    }
  }

  /** RabbitMQ. */
  record Broker(LocalRabbitMq program, Path directory) implements FaultTarget {
    @Override
    public void start() {
      program.startAgain();
    }

    @Override
    public boolean isReady() {
      return program.isRunning();
    }

    @Override
    public boolean isAlive() {
      return program.isRunning();
    }

    @Override
    public void kill() {
      program.kill();
    }

    /** Deletes what it has stored; only while it does not run. */
    void wipe() throws IOException {
      program.stop();
      try (Stream<Path> all = Files.walk(directory.resolve("mnesia"))) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }

    @Override
    public List<ProcessHandle> processes() {
      return withoutGuard(program.processes());
    }

    @Override
    public void close() {
      program.kill();
    }
  }

  private static List<ProcessHandle> withoutGuard(List<ProcessHandle> all) {
    return all.stream().filter(p -> !p.info().command().orElse("").endsWith("/bash")).toList();
  }

  /** A worker with the client of this project, in a JVM of its own. */
  static final class Worker implements FaultTarget {
    private final List<String> command;
    private final Path log;
    private Process process;

    Worker(List<String> command, Path log) {
      this.command = command;
      this.log = log;
    }

    @Override
    public void start() throws IOException {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    }

    @Override
    public boolean isReady() {
      return process.isAlive();
    }

    @Override
    public boolean isAlive() {
      return process.isAlive();
    }

    @Override
    public void kill() throws InterruptedException {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public List<ProcessHandle> processes() {
      return List.of(process.toHandle());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /**
   * A worker as DANE has them. It ends when it loses its connection, so somebody must start it
   * again, as a service manager does.
   */
  static final class Python implements FaultTarget {
    private static final long RETRY_MILLIS = 500;

    private final List<String> arguments;
    private final Path log;
    private PythonWorker worker;
    private volatile boolean wanted;
    private Thread keeper;

    Python(List<String> arguments, Path log) {
      this.arguments = arguments;
      this.log = log;
    }

    @Override
    public synchronized void start() throws IOException {
      wanted = true;
      launch();
      if (keeper == null) {
        keeper = new Thread(this::keep, "keeps the Python worker");
        keeper.setDaemon(true);
        keeper.start();
      }
    }

    private synchronized void launch() throws IOException {
      worker =
          PythonWorker.launch(
              "dane_worker.py",
              ProcessBuilder.Redirect.appendTo(log.toFile()),
              arguments.toArray(String[]::new));
    }

    private void keep() {
      try {
        while (true) {
          Thread.sleep(RETRY_MILLIS);
          synchronized (this) {
            if (wanted && !worker.process().isAlive()) {
              again();
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void again() {
      try {
        launch();
      } catch (IOException notNow) {
        // Then at the next look; until it is there nobody finds it ready.
      }
    }

    @Override
    public synchronized boolean isReady() {
      return worker.process().isAlive() && !worker.said("ready").isEmpty();
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public synchronized void kill() throws InterruptedException {
      wanted = false;
      worker.kill();
      worker.process().waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public synchronized List<ProcessHandle> processes() {
      return List.of(worker.process().toHandle());
    }

    @Override
    public synchronized void close() {
      wanted = false;
      keeper.interrupt();
      worker.kill();
    }
  }
}
