package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.LocalRabbitMq;
import dev.docket.server.PythonWorker;
import dev.docket.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The kinds of programs that faults are injected into. */
final class FaultTargets {

  private FaultTargets() {}

  /** A Docket server. */
  record DocketServer(ServerProcess program) implements FaultTarget {
    @Override
    public void start() {
      program.start();
    }

    @Override
    public boolean isReady() {
      return isAlive() && program.respondsWith("/ready", 200);
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
        throw new IllegalStateException("a server did not exit within 40 s after SIGTERM");
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

  /** Elasticsearch with one node. */
  record Elasticsearch(LocalElasticsearch program) implements FaultTarget {
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

    /** Excludes the guard process, which must notice when this JVM ends. */
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
  record RabbitMq(LocalRabbitMq program, Path directory) implements FaultTarget {
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

    /** Stops the broker and deletes its data. */
    void wipe() throws IOException {
      program.stop();
      try (Stream<Path> files = Files.walk(directory.resolve("mnesia"))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
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

  /** A worker that uses the worker client, in a separate JVM. */
  static final class DocketWorker implements FaultTarget {
    private final List<String> command;
    private final Path log;
    private Process process;

    DocketWorker(List<String> command, Path log) {
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
   * A DANE worker. It exits when it loses its connection, so a thread restarts it, as a service
   * manager does.
   */
  static final class DaneWorker implements FaultTarget {
    private static final long CHECK_INTERVAL_MILLIS = 500;

    private final List<String> arguments;
    private final Path log;
    private final List<PythonWorker> all = new ArrayList<>();
    private PythonWorker worker;
    private volatile boolean shouldRun;
    private Thread restarter;

    DaneWorker(List<String> arguments, Path log) {
      this.arguments = arguments;
      this.log = log;
    }

    @Override
    public synchronized void start() throws IOException {
      shouldRun = true;
      launch();
      if (restarter == null) {
        restarter = new Thread(this::restartWhenEnded, "restarts the DANE worker");
        restarter.setDaemon(true);
        restarter.start();
      }
    }

    private synchronized void launch() throws IOException {
      worker =
          PythonWorker.launch(
              "dane_worker.py",
              ProcessBuilder.Redirect.appendTo(log.toFile()),
              arguments.toArray(String[]::new));
      all.add(worker);
    }

    /** What all processes did, in order. */
    synchronized List<JsonNode> events() {
      return all.stream().flatMap(process -> process.events().stream()).toList();
    }

    private void restartWhenEnded() {
      try {
        while (true) {
          Thread.sleep(CHECK_INTERVAL_MILLIS);
          synchronized (this) {
            if (shouldRun && !worker.process().isAlive()) {
              relaunch();
            }
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void relaunch() {
      try {
        launch();
      } catch (IOException e) {
        // The next check tries again. Until then isReady() is false.
      }
    }

    @Override
    public synchronized boolean isReady() {
      return worker.process().isAlive() && !worker.events("ready").isEmpty();
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public synchronized void kill() throws InterruptedException {
      shouldRun = false;
      worker.kill();
      worker.process().waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public synchronized List<ProcessHandle> processes() {
      return List.of(worker.process().toHandle());
    }

    @Override
    public synchronized void close() {
      shouldRun = false;
      restarter.interrupt();
      worker.kill();
    }
  }
}
