package dev.docket.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Describes the machine and the versions of the software. */
final class Machine {

  private Machine() {}

  static Map<String, Object> describe(Path root) throws IOException, InterruptedException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("git", output(root, "git", "describe", "--always", "--dirty"));
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("cpu", valueOf(Path.of("/proc/cpuinfo"), "model name"));
    machine.put("memory", valueOf(Path.of("/proc/meminfo"), "MemTotal"));
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("jdk", System.getProperty("java.vm.version"));
    machine.put(
        "rabbitmq", output(root, "dpkg-query", "-W", "-f", "${Version}", "rabbitmq-server"));
    return machine;
  }

  private static String valueOf(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Returns the output of a command; empty if the program does not exist or fails. */
  private static String output(Path directory, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? output : "";
    } catch (IOException e) {
      return "";
    }
  }
}
