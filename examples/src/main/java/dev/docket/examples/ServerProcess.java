package dev.docket.examples;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The server as a child process, with its output in a log file. It ends with this JVM, however that
 * ends: {@code guard.sh} waits for the pipe between the two to break.
 */
final class ServerProcess implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int QUOTED_LINES = 25;

  private final Process guard;
  private final Path log;

  private ServerProcess(Process guard, Path log) {
    this.guard = guard;
    this.log = log;
  }

  /**
   * Starts the jar; the environment is this JVM's with the given settings in place of its own. The
   * log of an earlier start is kept beside the new one.
   */
  static ServerProcess start(
      Path jar, Path configuration, Map<String, String> environment, Path log) {
    for (Path needed : List.of(jar, configuration)) {
      if (!Files.isRegularFile(needed)) {
        throw new UserError("The server cannot be started, as there is no " + needed + ".");
      }
    }
    List<String> command = new ArrayList<>(List.of("bash", "-c", guardScript(), "guard.sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // With a heap of this size the serial collector needs a sixth less memory than the usual one.
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of("server", configuration.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(Redirect.to(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("DOCKET_"));
    builder.environment().putAll(environment);
    try {
      if (Files.exists(log)) {
        Files.move(log, log.resolveSibling(log.getFileName() + ".1"), REPLACE_EXISTING);
      }
      return new ServerProcess(builder.start(), log);
    } catch (IOException unable) {
      throw new UserError("The server cannot be started: " + unable.getMessage(), unable);
    }
  }

  private static String guardScript() {
    try (InputStream script = ServerProcess.class.getResourceAsStream("guard.sh")) {
      if (script == null) {
        throw new IllegalStateException("guard.sh is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Returns when the server is ready; quotes its log when it does not become so. */
  void awaitReady(Duration limit, BooleanSupplier ready) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      check();
      if (System.nanoTime() - end > 0) {
        close();
        throw new UserError(
            "The server was not ready within " + limit.toSeconds() + " s." + quote());
      }
      guard.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Fails if it has ended, quoting its log. */
  void check() {
    if (!guard.isAlive()) {
      throw new UserError("The server has ended with status " + guard.exitValue() + "." + quote());
    }
  }

  private String quote() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size());
      return " The end of its log, " + log + ":\n  | " + String.join("\n  | ", last);
    } catch (IOException unreadable) {
      return " Its log, " + log + ", cannot be read.";
    }
  }

  /** Stops it in order, and by force after 20 s; returns when it has ended. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
    } catch (IOException ended) {
      // The guard has ended already, and with it the server.
    }
    guard.onExit().join();
  }
}
