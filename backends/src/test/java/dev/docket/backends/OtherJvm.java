package dev.docket.backends;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Another JVM that runs {@link StartAndWait} in its own process group. Signals end it even where
 * this JVM ignores them, as a background job of a shell ignores INT, and nohup ignores HUP.
 */
final class OtherJvm implements AutoCloseable {

  private final Process process;
  private final List<String> words;

  private OtherJvm(Process process, List<String> words) {
    this.process = process;
    this.words = words;
  }

  /** Starts the JVM and waits until it has started the backend. */
  static OtherJvm start(String backend, Path dir) throws IOException {
    Process process =
        new ProcessBuilder(
                "setsid",
                "env",
                "--default-signal=HUP,INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddocket.root=" + System.getProperty("docket.root"),
                "-cp",
                System.getProperty("java.class.path"),
                StartAndWait.class.getName(),
                backend,
                dir.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("started ")) {
        return new OtherJvm(process, Arrays.asList(line.split(" ", -1)));
      }
      lines.add(line);
    }
    throw new IllegalStateException(String.join("\n", lines));
  }

  /** The words that the JVM printed after {@code started}. */
  List<String> words() {
    return words.subList(1, words.size());
  }

  /** The processes whose ids the JVM printed. */
  List<ProcessHandle> processes() {
    return words().stream()
        .map(Long::parseLong)
        .map(ProcessHandle::of)
        .flatMap(Optional::stream)
        .toList();
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends the signal to its whole process group, as a terminal or a job runner does. */
  void signalGroup(String signal) throws Exception {
    new ProcessBuilder("bash", "-c", "kill -" + signal + " -- -" + process.pid())
        .inheritIO()
        .start()
        .waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
