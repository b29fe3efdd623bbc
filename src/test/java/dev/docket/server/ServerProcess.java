package dev.docket.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server process that runs the shaded jar and can be killed. Its log is written to a file. */
public final class ServerProcess implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 32_000;
  private static final AtomicInteger nextPort =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST_PORT - FIRST_PORT));

  private static final Path ROOT = Path.of(System.getProperty("docket.root"));

  private final Path directory;
  private final Path config;
  private final Map<String, String> environment;
  private final List<String> jvm;
  private final int port = freePort();
  private final int adminPort = freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  ServerProcess(Path directory, Map<String, String> environment) {
    this(directory, ROOT.resolve("config.yml"), environment);
  }

  public ServerProcess(Path directory, Path config, Map<String, String> environment) {
    this(directory, config, environment, List.of("-Xmx256m"));
  }

  /** Creates a server with these JVM options. */
  public ServerProcess(
      Path directory, Path config, Map<String, String> environment, List<String> jvm) {
    this.jvm = List.copyOf(jvm);
    this.directory = directory;
    this.config = config;
    this.environment = environment;
  }

  public void start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-jar",
            ROOT.resolve("src/target/docket-server.jar").toString(),
            "server",
            config.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("DOCKET_PORT", String.valueOf(port));
    builder.environment().put("DOCKET_ADMIN_PORT", String.valueOf(adminPort));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The current process, or the last one if the server is stopped. */
  public Process process() {
    return process;
  }

  /** Sends SIGKILL and waits for the end of the process. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end of the process. Returns its exit status, or -1 after the timeout. */
  int awaitExit(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  /** Whether a GET request has this status. Returns false if the server is not reachable. */
  public boolean respondsWith(String path, int status) {
    try {
      return get(path).statusCode() == status;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri().resolve(path)).GET());
  }

  HttpResponse<String> post(String path, String body) {
    return send(
        HttpRequest.newBuilder(uri().resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The URI of the admin port, with health checks and metrics. */
  public URI adminUri() {
    return URI.create("http://127.0.0.1:" + adminPort);
  }

  Path log() {
    return directory.resolve("server.log");
  }

  String logText() throws IOException {
    return Files.readString(log(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns a port that stays free until its server is started or restarted. It returns each port
   * only once in this JVM, and none from the range of the system's ephemeral ports: an outgoing
   * connection could take such a port, and can even connect to itself while nothing listens on it.
   */
  public static int freePort() {
    for (int tries = 0; tries < 100; tries++) {
      int port = FIRST_PORT + Math.floorMod(nextPort.getAndIncrement(), LAST_PORT - FIRST_PORT);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // The port is in use. Try the next one.
      }
    }
    throw new IllegalStateException("no free port");
  }
}
