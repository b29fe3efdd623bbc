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

/** A script of {@code src/test/python} in Debian's Python, and what it says on its lines. */
public final class PythonWorker implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of(System.getProperty("docket.root"));

  private final Process process;
  private final List<JsonNode> said = new CopyOnWriteArrayList<>();

  private PythonWorker(Process process) {
    this.process = process;
  }

  /** Starts it, and returns when it says that it is ready. */
  static PythonWorker start(String script, String... arguments) throws IOException {
    PythonWorker worker = launch(script, ProcessBuilder.Redirect.INHERIT, arguments);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              if (!worker.process.isAlive()) {
                throw new AssertionError(script + " ended with " + worker.process.exitValue());
              }
              return !worker.said("ready").isEmpty();
            });
    return worker;
  }

  /** Starts it, and returns at once. */
  public static PythonWorker launch(
      String script, ProcessBuilder.Redirect errors, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    // Not whatever python3 is first on the path: Debian's modules are for Debian's.
    command.add("/usr/bin/python3");
    command.add(ROOT.resolve("src/test/python").resolve(script).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(errors);
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("PYTHONWARNINGS", "ignore");
    PythonWorker worker = new PythonWorker(builder.start());
    Thread reader = new Thread(worker::read, "reads " + script);
    reader.setDaemon(true);
    reader.start();
    return worker;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(JSON.readTree(line));
      }
    } catch (JsonProcessingException noJson) {
      throw new UncheckedIOException(noJson);
    } catch (IOException ended) {
      // Whoever ends the process closes its output.
    }
  }

  /** Everything of this kind that it has said so far. */
  public List<JsonNode> said(String what) {
    return said.stream().filter(line -> line.path("what").asText().equals(what)).toList();
  }

  /** Says a line to it, and waits for the next line that answers. */
  JsonNode ask(Object line) throws IOException {
    int before = said("answer").size();
    process.outputWriter(StandardCharsets.UTF_8).write(JSON.writeValueAsString(line) + "\n");
    process.outputWriter(StandardCharsets.UTF_8).flush();
    await().atMost(Duration.ofMinutes(1)).until(() -> said("answer").size() > before);
    return said("answer").get(before);
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
      if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
