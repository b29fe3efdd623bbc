package dev.docket.server;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs a script of {@code src/test/python} in Debian's Python. The script writes
 * JSON lines; their field {@code what} is the kind of the event.
 */
public final class PythonWorker implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of(System.getProperty("docket.root"));

  private final Process process;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  private PythonWorker(Process process) {
    this.process = process;
  }

  /** Starts the script and waits until it is ready. */
  static PythonWorker start(String script, String... arguments) throws IOException {
    PythonWorker worker = launch(script, ProcessBuilder.Redirect.INHERIT, arguments);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              if (!worker.process.isAlive()) {
                throw new AssertionError(script + " ended with " + worker.process.exitValue());
              }
              return !worker.events("ready").isEmpty();
            });
    return worker;
  }

  /** Starts the script without waiting. */
  public static PythonWorker launch(
      String script, ProcessBuilder.Redirect errors, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    // Debian's modules work with Debian's Python only, which may not be the first on the path.
    command.add("/usr/bin/python3");
    command.add(ROOT.resolve("src/test/python").resolve(script).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(errors);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("PYTHONWARNINGS", "ignore");
    PythonWorker worker = new PythonWorker(builder.start());
    Thread reader = new Thread(worker::readOutput, script + " output");
    reader.setDaemon(true);
    reader.start();
    return worker;
  }

  private void readOutput() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(JSON.readTree(line));
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      // The process has ended, which closes its output.
    }
  }

  /** All events so far. */
  public List<JsonNode> events() {
    return List.copyOf(events);
  }

  /** All events of this kind so far. */
  public List<JsonNode> events(String kind) {
    return events.stream().filter(line -> line.path("what").asText().equals(kind)).toList();
  }

  /** Sends a request as a line and waits for the line with the response. */
  JsonNode call(Object request) throws IOException {
    int before = events("answer").size();
    process.outputWriter(StandardCharsets.UTF_8).write(JSON.writeValueAsString(request) + "\n");
    process.outputWriter(StandardCharsets.UTF_8).flush();
    await().atMost(Duration.ofMinutes(1)).until(() -> events("answer").size() > before);
    return events("answer").get(before);
  }

  public Process process() {
    return process;
  }

  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
