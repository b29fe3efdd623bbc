package dev.docket.examples;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpIT {

  @TempDir Path dir;

  @Test
  void keepsWhatItHasAndLeavesNothingRunning() throws Exception {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port = fivePorts();
    String lookAgain;
    try (Program up = up(port)) {
      List<String> lines = curlLines(up);
      assertThat(shell(lines.get(0))).contains("\"id\":");
      assertThat(shell(lines.get(1))).contains("FIXITY");
      lookAgain = lines.get(2);
      await().atMost(ofMinutes(1)).until(() -> shell(lines.get(2)).contains("\"digest\":"));
      endsWithAllOfIt(up, up::interrupt);
      assertThat(up.output()).contains("Stopping");
    }
    try (Program up = up(port)) {
      List<String> lines = curlLines(up);
      assertThat(shell(lookAgain)).contains("\"digest\":");
      assertThat(shell(lines.get(0))).contains("\"id\":");
      endsWithAllOfIt(up, up::kill);
    }
  }

  private Program up(int port) throws IOException {
    return Program.start(
        dir, "up", dir.resolve("the data").toString(), "--port", Integer.toString(port));
  }

  private static List<String> curlLines(Program up) throws IOException {
    await().atMost(ofMinutes(5)).until(() -> !up.isAlive() || up.output().contains("/results"));
    List<String> lines =
        up.output().lines().map(String::strip).filter(line -> line.startsWith("curl ")).toList();
    assertThat(lines).as(up.output()).hasSize(3);
    return lines;
  }

  private static String shell(String line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", line).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("status of %s", line).isZero();
    return output;
  }

  private interface End {
    void now() throws IOException, InterruptedException;
  }

  private static void endsWithAllOfIt(Program up, End end) throws Exception {
    List<ProcessHandle> processes = up.processes();
    // the program, a guard and Elasticsearch's two processes, a guard and the server
    assertThat(processes).hasSizeGreaterThanOrEqualTo(5);
    end.now();
    up.awaitEnd();
    await().atMost(ofMinutes(1)).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** The first of five consecutive free ports, outside the range for outgoing connections. */
  private static int fivePorts() {
    for (int port = 20_000 + (int) (ProcessHandle.current().pid() % 2_400) * 5; ; port += 5) {
      if (areFree(port)) {
        return port;
      }
    }
  }

  private static boolean areFree(int first) {
    try {
      Ports.from(first).requireFree();
      return true;
    } catch (UserError taken) {
      return false;
    }
  }
}
