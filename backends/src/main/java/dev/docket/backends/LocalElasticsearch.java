package dev.docket.backends;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A real Elasticsearch as a child process, on loopback only. It ends with this JVM, however that
 * ends. It keeps its address over {@link #stop()} or {@link #kill()} and {@link #startAgain()}. As
 * root it runs as the user nobody. Not for use from several threads at once.
 */
public final class LocalElasticsearch implements AutoCloseable {

  private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

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
   * Starts one with default settings in the directory, which may hold the data of an earlier one.
   */
  public static LocalElasticsearch start(Path dir) {
    return start(ElasticsearchSettings.in(dir));
  }

  /**
   * Returns when the cluster's health is green or yellow.
   *
   * @throws BackendStartException quoting the log
   */
  public static LocalElasticsearch start(ElasticsearchSettings settings) {
    return new LocalElasticsearch(settings);
  }

  private ChildProcess launch(int wantedPort) {
    FreePorts.require(wantedPort);
    files.prepare(settings, wantedPort);
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
            "CLI_JAVA_OPTS", FIRST_COMPILER_ONLY,
            // Its launcher leaves files in the temporary directory of its own. Here, unlike in
            // CLI_JAVA_OPTS, a directory may be quoted, as it may have a space in its name.
            "JDK_JAVA_OPTIONS", "\"-Djava.io.tmpdir=" + files.temporary() + "\"",
            "ES_JAVA_OPTS", javaOptions(settings)),
        files.dir(),
        files.console());
  }

  private static String javaOptions(ElasticsearchSettings settings) {
    String heap = settings.heap();
    // The distribution logs garbage collection to a directory that may not be writable.
    String options = "-Xms%s -Xmx%s -Xlog:disable -Xlog:all=warning:stderr".formatted(heap, heap);
    return settings.quickStart() ? options + " " + FIRST_COMPILER_ONLY : options;
  }

  private int awaitReady() {
    child.awaitReady(settings.limit(), this::isHealthy);
    return files.boundPort().orElseThrow();
  }

  private boolean isHealthy() {
    OptionalInt bound = files.boundPort();
    return bound.isPresent()
        && Http.tryGet(address(bound.orElseThrow()).resolve("/_cluster/health"))
            .filter(answer -> answer.statusCode() == 200)
            .filter(answer -> answer.body().matches(".*\"status\":\"(green|yellow)\".*"))
            .isPresent();
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Base address, without a slash at the end. */
  public URI address() {
    return address(port);
  }

  /** The file that has everything it said on its console; it is appended to. */
  public Path log() {
    return files.console();
  }

  public boolean isRunning() {
    return child.isAlive();
  }

  /** The processes that run for it now. */
  public List<ProcessHandle> processes() {
    return child.processes();
  }

  /** Deletes every index, alias and template whose name begins with the prefix. */
  public void deleteAll(String prefix) {
    new ElasticsearchObjects(address()).deleteAll(prefix);
  }

  /** Stops it in order; the data stay. */
  public void stop() {
    child.stop();
  }

  /** Ends it as kill -9 does; what it had acknowledged stays. */
  public void kill() {
    child.kill();
  }

  /**
   * Starts it again on the same port and data.
   *
   * @throws BackendStartException quoting the log
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
