package dev.docket.backends;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server that runs as a process group under a guard process. The guard ends the group as soon as
 * the pipe to this JVM breaks: on {@link #stop()}, and whenever this JVM ends. The output of the
 * server is appended to a log file.
 */
final class ChildProcess {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final ServerLog log;

  private ChildProcess(String name, Process process, ServerLog log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the server. It inherits the environment of this JVM, except for variables that configure
   * Elasticsearch, RabbitMQ or Erlang. The given variables are added.
   */
  static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path dir, Path logFile) {
    List<String> guarded = new ArrayList<>();
    // With setsid, a signal to the process group of this JVM does not end the guard.
    guarded.add("setsid");
    guarded.addAll(Script.GUARD.command());
    guarded.add(Long.toString(STOP_TIMEOUT.toSeconds()));
    guarded.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(guarded).directory(dir.toFile());
    setEnvironment(builder, environment);
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(logFile.toFile()));
    try {
      ServerLog log = ServerLog.from(logFile);
      return new ChildProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new BackendStartException("cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  static void setEnvironment(ProcessBuilder builder, Map<String, String> variables) {
    builder.environment().keySet().removeIf(ChildProcess::configuresServer);
    builder.environment().putAll(variables);
  }

  private static boolean configuresServer(String variable) {
    return variable.startsWith("RABBITMQ_")
        || variable.startsWith("ERL_")
        || variable.startsWith("ES_");
  }

  /**
   * Waits until the server is ready.
   *
   * @throws BackendStartException if the server exits, or is not ready in time; it is stopped then
   */
  void awaitReady(Duration timeout, BooleanSupplier ready) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw startFailure("exited with status " + process.exitValue() + " before it was ready");
      }
      if (System.nanoTime() - deadline > 0) {
        stop();
        throw startFailure("was not ready within " + timeout.toSeconds() + " s");
      }
      pause();
    }
  }

  private void pause() {
    try {
      if (process.waitFor(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new BackendStartException("interrupted while " + name + " was starting", e);
    }
  }

  private BackendStartException startFailure(String reason) {
    return new BackendStartException(name + " " + reason + ". " + log.quote());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ServerLog log() {
    return log;
  }

  /** The guard and all of its descendants. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    process.descendants().forEach(all::add);
    return all;
  }

  /** Stops the server gracefully, and kills it after 20 s. Does nothing if it has ended. */
  void stop() {
    sendToGuard("");
    awaitEnd();
  }

  /** Kills all processes of the server immediately, as {@code kill -9} does. */
  void kill() {
    sendToGuard("kill\n");
    awaitEnd();
  }

  private void sendToGuard(String command) {
    try (var pipe = process.getOutputStream()) {
      pipe.write(command.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The guard has already ended, and the server with it.
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
