package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A private node of the installed RabbitMQ with the management plugin, on loopback only. It has its
 * own epmd. Both end with this JVM, even if the JVM is killed. The node runs as the current user,
 * which may be root. Not thread-safe.
 */
public final class LocalRabbitMq implements Broker {

  private static final int MAX_ATTEMPTS = 3;

  private final RabbitMqSettings settings;
  private final RabbitMqNode node;
  private ChildProcess child;

  private LocalRabbitMq(RabbitMqSettings settings, RabbitMqNode node) {
    this.settings = settings;
    this.node = node;
    this.child = launch(settings, node);
  }

  /** Whether RabbitMQ is installed on this machine. */
  public static boolean available() {
    return Files.isExecutable(RabbitMqNode.BIN.resolve("rabbitmq-server"));
  }

  /** Starts a node with default settings. The directory may contain data of an earlier start. */
  public static LocalRabbitMq start(Path dir) {
    return start(RabbitMqSettings.in(dir));
  }

  /**
   * Starts a node and waits until AMQP and the management API are ready. If another process binds
   * one of the free ports first, the start is retried with other ports.
   *
   * @throws BackendStartException if RabbitMQ is not installed or does not start; the message then
   *     quotes its log
   */
  public static LocalRabbitMq start(RabbitMqSettings settings) {
    if (!available()) {
      throw new BackendStartException(
          "RabbitMQ is not installed (no "
              + RabbitMqNode.BIN
              + "). On Debian, as root: apt-get install --no-install-recommends rabbitmq-server");
    }
    FreePorts.require(settings.port());
    FreePorts.require(settings.managementPort());
    Path dir = Directories.create(settings.dir());
    for (int retries = MAX_ATTEMPTS - 1; ; retries--) {
      RabbitMqNode node = RabbitMqNode.on(dir, settings.port(), settings.managementPort());
      try {
        return new LocalRabbitMq(settings, node);
      } catch (BackendStartException e) {
        if (retries == 0 || !isPortInUse(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean isPortInUse(BackendStartException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("eaddrinuse") || message.contains("already in use");
  }

  private static ChildProcess launch(RabbitMqSettings settings, RabbitMqNode node) {
    node.prepare(settings.overrides());
    List<String> command = new ArrayList<>(Script.RABBITMQ.command());
    command.add(RabbitMqNode.BIN.toString());
    ChildProcess child =
        ChildProcess.start("RabbitMQ", command, node.environment(), node.dir(), node.consoleLog());
    child.awaitReady(settings.startTimeout(), () -> isReady(node));
    return child;
  }

  private static boolean isReady(RabbitMqNode node) {
    return accepts(node.port())
        && Http.tryGet(node.management().resolve("/api/overview"))
            .filter(response -> response.statusCode() == 200)
            .isPresent();
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public URI amqp() {
    return node.amqp();
  }

  @Override
  public URI management() {
    return node.management();
  }

  /** The file that the console output is appended to. */
  public Path log() {
    return node.consoleLog();
  }

  /** The processes that currently belong to this node, including epmd. */
  public List<ProcessHandle> processes() {
    return child.processes();
  }

  /**
   * Runs {@code rabbitmqctl} on the node and returns its output.
   *
   * @throws IllegalStateException if the node is stopped, or the command fails; the message then
   *     contains the output
   */
  public String ctl(String... arguments) {
    if (!isRunning()) {
      throw new IllegalStateException("RabbitMQ is stopped");
    }
    List<String> command = new ArrayList<>();
    command.add(RabbitMqNode.BIN.resolve("rabbitmqctl").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    ChildProcess.setEnvironment(builder, node.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rabbitmqctl was running", e);
    }
  }

  @Override
  public void deleteAll(String prefix) {
    new RabbitMqObjects(node.management()).deleteAll(prefix);
  }

  @Override
  public boolean isRunning() {
    return child.isAlive();
  }

  @Override
  public void stop() {
    child.stop();
  }

  /**
   * Kills the node and its epmd, as {@code kill -9} does. Confirmed persistent messages are kept.
   */
  public void kill() {
    child.kill();
  }

  @Override
  public void startAgain() {
    if (isRunning()) {
      throw new IllegalStateException("RabbitMQ is running");
    }
    child = launch(settings, node);
  }

  @Override
  public void close() {
    stop();
  }
}
