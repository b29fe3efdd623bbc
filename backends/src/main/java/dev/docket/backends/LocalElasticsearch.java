package dev.docket.backends;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Elasticsearch as a child process, on loopback only. It ends with this JVM, even if the JVM is
 * killed. Its address stays the same after {@link #stop()} or {@link #kill()} and {@link
 * #startAgain()}. If this JVM runs as root, Elasticsearch runs as the user nobody. Not thread-safe.
 */
public final class LocalElasticsearch implements AutoCloseable {

  private static final String C1_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

  private final ElasticsearchSettings settings;
  private final ElasticsearchFiles files;
  private final int port;
  private ChildProcess child;

  private LocalElasticsearch(ElasticsearchSettings settings) {
    this.settings = settings;
    this.files = new ElasticsearchFiles(Directories.create(settings.dir()));
    this.child = launch(settings.port());
    this.port = awaitReady();
  }

  /**
   * Starts Elasticsearch with default settings. The directory may contain data of an earlier start.
   */
  public static LocalElasticsearch start(Path dir) {
    return start(ElasticsearchSettings.in(dir));
  }

  /**
   * Starts Elasticsearch and waits until the cluster health is green or yellow.
   *
   * @throws BackendStartException if it does not start; the message quotes its log
   */
  public static LocalElasticsearch start(ElasticsearchSettings settings) {
    return new LocalElasticsearch(settings);
  }

  private ChildProcess launch(int requestedPort) {
    FreePorts.require(requestedPort);
    files.prepare(settings, requestedPort);
    List<String> command = new ArrayList<>(Script.ELASTICSEARCH.command());
    command.add(settings.home().toAbsolutePath().toString());
    command.add(files.dir().toString());
    return ChildProcess.start(
        "Elasticsearch",
        command,
        Map.of(
            "ES_PATH_CONF", files.config().toString(),
            "ES_TMPDIR", files.temporary().toString(),
            "ES_JAVA_HOME", System.getProperty("java.home"),
            "CLI_JAVA_OPTS", C1_COMPILER_ONLY,
            // The launcher leaves files in its temporary directory. The directory may contain a
            // space: this variable allows quotes, CLI_JAVA_OPTS does not.
            "JDK_JAVA_OPTIONS", "\"-Djava.io.tmpdir=" + files.temporary() + "\"",
            "ES_JAVA_OPTS", javaOptions(settings)),
        files.dir(),
        files.consoleLog());
  }

  private static String javaOptions(ElasticsearchSettings settings) {
    String heap = settings.heap();
    // The distribution logs garbage collection to a directory that may not be writable.
    String options = "-Xms%s -Xmx%s -Xlog:disable -Xlog:all=warning:stderr".formatted(heap, heap);
    return settings.quickStart() ? options + " " + C1_COMPILER_ONLY : options;
  }

  private int awaitReady() {
    child.awaitReady(settings.startTimeout(), this::isHealthy);
    return files.boundPort().orElseThrow();
  }

  private boolean isHealthy() {
    OptionalInt bound = files.boundPort();
    return bound.isPresent()
        && Http.tryGet(address(bound.orElseThrow()).resolve("/_cluster/health"))
            .filter(response -> response.statusCode() == 200)
            .filter(response -> response.body().matches(".*\"status\":\"(green|yellow)\".*"))
            .isPresent();
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Base address, without a trailing slash. */
  public URI address() {
    return address(port);
  }

  /** The file that the console output is appended to. */
  public Path log() {
    return files.consoleLog();
  }

  public boolean isRunning() {
    return child.isAlive();
  }

  /** The processes that currently belong to this Elasticsearch. */
  public List<ProcessHandle> processes() {
    return child.processes();
  }

  /** Deletes all indices, aliases and templates whose names start with the prefix. */
  public void deleteAll(String prefix) {
    new ElasticsearchObjects(address()).deleteAll(prefix);
  }

  /** Shuts Elasticsearch down gracefully. The data is kept. */
  public void stop() {
    child.stop();
  }

  /** Kills Elasticsearch, as {@code kill -9} does. Acknowledged writes are kept. */
  public void kill() {
    child.kill();
  }

  /**
   * Starts Elasticsearch again on the same port, with the same data.
   *
   * @throws BackendStartException if it does not start; the message quotes its log
   */
  public void startAgain() {
    if (child.isAlive()) {
      throw new IllegalStateException("Elasticsearch is running");
    }
    child = launch(port);
    awaitReady();
  }

  @Override
  public void close() {
    stop();
  }
}
