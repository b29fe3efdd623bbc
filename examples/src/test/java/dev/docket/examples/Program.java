package dev.docket.examples;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs the jar as users do, with its output in a file. */
final class Program implements AutoCloseable {

  static final Path ROOT = Path.of(System.getProperty("docket.root")).toAbsolutePath().normalize();

  private final Process process;
  private final Path output;

  private Program(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Program start(Path dir, String... arguments) throws IOException {
    // A shell's background job ignores INT and so do its children: the program must not.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Ddocket.root=" + ROOT);
    command.add("-jar");
    command.add(ROOT.resolve("examples/target/docket-examples.jar").toString());
    command.addAll(Arrays.asList(arguments));
    Path output = Files.createTempFile(dir, "output", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    return new Program(builder.start(), output);
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits until the program has ended and returns its exit status. */
  int awaitEnd() throws InterruptedException, IOException {
    assertThat(process.waitFor(5, MINUTES)).as("has ended: %s", output()).isTrue();
    return process.exitValue();
  }

  /** The program and all of its descendants. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
    process.descendants().forEach(all::add);
    return all;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends SIGINT, as Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
