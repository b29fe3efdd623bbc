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
 * A server that runs as a group of child processes below a guard, which ends the group as soon as
 * the pipe to this JVM breaks: on {@link #stop()}, and on any end of this JVM. Its output is
 * appended to a log file.
 */
final class ChildProcess {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final ServerLog log;

  private ChildProcess(String name, Process process, ServerLog log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** The environment is added to this JVM's own, less the variables the servers would listen to. */
  static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path dir, Path logFile) {
    List<String> guarded = new ArrayList<>();
    // In a session of its own, the guard outlives a signal to the whole process group of this JVM.
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
      throw new BackendStartException(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  static void setEnvironment(ProcessBuilder builder, Map<String, String> more) {
    builder.environment().keySet().removeIf(ChildProcess::isForeign);
    builder.environment().putAll(more);
  }

  private static boolean isForeign(String variable) {
    return variable.startsWith("RABBITMQ_")
        || variable.startsWith("ERL_")
        || variable.startsWith("ES_");
  }

  /**
   * Returns when the server is ready.
   *
   * @throws BackendStartException when it ended or the limit passed; the server is ended then
   */
  void awaitReady(Duration limit, BooleanSupplier ready) {
    long end = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.isAlive()) {
        throw failed("ended with status " + process.exitValue() + " before it was ready");
      }
      if (System.nanoTime() - end > 0) {
        stop();
        throw failed("was not ready within " + limit.toSeconds() + " s");
      }
      pause();
    }
  }

  private void pause() {
    try {
      if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new BackendStartException("interrupted while " + name + " was starting", e);
    }
  }

  private BackendStartException failed(String how) {
    return new BackendStartException(name + " " + how + ". " + log.quote());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ServerLog log() {
    return log;
  }

  /** The guard and every process below it. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    process.descendants().forEach(all::add);
    return all;
  }

  /** Ends the server in order, and by force after 20 s. Does nothing when it has ended. */
  void stop() {
    send("");
    awaitEnd();
  }

  /** Ends all processes of the server at once, as kill -9 does. */
  void kill() {
    send("kill\n");
    awaitEnd();
  }

  private void send(String word) {
    try (var pipe = process.getOutputStream()) {
      pipe.write(word.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The guard has ended already, and with it the server.
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
