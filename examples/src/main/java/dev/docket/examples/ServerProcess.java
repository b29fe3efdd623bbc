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
 * The server as a child process, with its output in a log file. It ends with this JVM, even if the
 * JVM is killed: {@code guard.sh} stops the server when the pipe to this JVM breaks.
 */
final class ServerProcess implements AutoCloseable {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final int MAX_QUOTED_LINES = 25;

  private final Process guard;
  private final Path log;

  private ServerProcess(Process guard, Path log) {
    this.guard = guard;
    this.log = log;
  }

  /**
   * Starts the server. It inherits the environment of this JVM, except for the {@code DOCKET_}
   * variables. The given variables are added. The log of the previous start is kept with the suffix
   * {@code .1}.
   */
  static ServerProcess start(
      Path jar, Path configuration, Map<String, String> environment, Path log) {
    for (Path required : List.of(jar, configuration)) {
      if (!Files.isRegularFile(required)) {
        throw new UserError("Cannot start the server: " + required + " does not exist.");
      }
    }
    List<String> command = new ArrayList<>(List.of("bash", "-c", guardScript(), "guard.sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // With this heap size, the serial collector needs a sixth less memory than the default one.
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
    } catch (IOException e) {
      throw new UserError("Cannot start the server: " + e.getMessage(), e);
    }
  }

  private static String guardScript() {
    try (InputStream script = ServerProcess.class.getResourceAsStream("guard.sh")) {
      if (script == null) {
        throw new IllegalStateException("guard.sh is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the server is ready.
   *
   * @throws UserError if the server exits or is not ready in time; the message quotes its log
   */
  void awaitReady(Duration timeout, BooleanSupplier ready) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!ready.getAsBoolean()) {
      check();
      if (System.nanoTime() - deadline > 0) {
        close();
        throw new UserError(
            "The server was not ready within " + timeout.toSeconds() + " s." + quoteLog());
      }
      guard.waitFor(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Checks that the server is running.
   *
   * @throws UserError if the server has exited; the message quotes its log
   */
  void check() {
    if (!guard.isAlive()) {
      throw new UserError("The server exited with status " + guard.exitValue() + "." + quoteLog());
    }
  }

  private String quoteLog() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - MAX_QUOTED_LINES), lines.size());
      return " The end of its log, " + log + ":\n  | " + String.join("\n  | ", last);
    } catch (IOException e) {
      return " Its log, " + log + ", is not readable.";
    }
  }

  /** Stops the server gracefully, kills it after 20 s, and waits until it has ended. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      // The guard has already ended, and the server with it.
    }
    guard.onExit().join();
  }
}
