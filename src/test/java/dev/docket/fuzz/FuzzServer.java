package dev.docket.fuzz;

import dev.docket.backends.Backends;
import dev.docket.server.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The server that gets the requests: a process of its own, with a log file. */
final class FuzzServer implements AutoCloseable {

  private static final Pattern ERROR = Pattern.compile("\\S+ ERROR .*");
  private static final Pattern STACK_TRACE = Pattern.compile("\\s+at [\\w.$/]+\\(.*");
  private static final int MAX_ERRORS = 30;

  private final Path directory;
  private final URI store;
  private final ServerProcess process;

  /**
   * Starts the server and waits until it is ready.
   *
   * @param directory for the configuration and the log
   * @param prefix of the names of indices and queues
   */
  FuzzServer(Path directory, Backends backends, String prefix) throws IOException {
    this.directory = directory;
    int storePort = ServerProcess.freePort();
    this.store = URI.create("http://127.0.0.1:" + storePort);
    String yaml =
        """
        elasticsearch: {urls: "%s", indexPrefix: "%s", routingShards: 8}
        broker: {uri: "%s", prefix: "%s", management: "%s"}
        dane: {store: {enabled: true, port: %d}}
        server:
          applicationConnectors: [{type: http, port: "${DOCKET_PORT}", bindHost: 127.0.0.1}]
          adminConnectors: [{type: http, port: "${DOCKET_ADMIN_PORT}", bindHost: 127.0.0.1}]
          requestLog: {appenders: []}
        logging:
          level: INFO
          appenders: [{type: console, logFormat: "%%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %%-5p %%c{0} - %%m %%kvp%%n%%ex"}]
        """
            .formatted(
                backends.elasticsearch(),
                prefix,
                backends.amqp(),
                prefix,
                backends.management().map(URI::toString).orElse(""),
                storePort);
    Path config = Files.writeString(directory.resolve("config.yml"), yaml);
    this.process = new ServerProcess(directory, config, Map.of(), List.of("-Xmx512m"));
    process.start();
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> process.respondsWith("/ready", 200));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  URI uri() {
    return process.uri();
  }

  /** The port of {@code dane.store}. */
  URI store() {
    return store;
  }

  boolean isAlive() {
    return process.process().isAlive();
  }

  Path log() {
    return directory.resolve("server.log");
  }

  /** The first lines of the log that are errors, each with the exception that it reports. */
  List<String> errors() throws IOException {
    List<String> errors = new ArrayList<>();
    try (BufferedReader log = Files.newBufferedReader(log(), StandardCharsets.ISO_8859_1)) {
      String previous = "";
      boolean inTrace = false;
      for (String line = log.readLine();
          line != null && errors.size() < MAX_ERRORS;
          line = log.readLine()) {
        boolean trace = STACK_TRACE.matcher(line).matches();
        if (trace && !inTrace) {
          errors.add("log: " + previous + " " + line.strip());
        } else if (ERROR.matcher(line).matches()) {
          errors.add("log: " + line);
        }
        inTrace = trace;
        previous = line;
      }
    }
    return errors;
  }

  @Override
  public void close() {
    process.close();
  }
}
