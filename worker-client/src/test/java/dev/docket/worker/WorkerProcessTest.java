package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {

  private static final URI SERVER = URI.create("http://localhost:5500");

  @TempDir Path directory;
  private final List<WorkerProcess> begun = new ArrayList<>();

  @AfterEach
  void unlock() {
    begun.forEach(process -> process.end(true));
  }

  private WorkerProcess begin(Path at, String name, URI server) {
    WorkerProcess process = new WorkerProcess(at, name, server);
    process.begin();
    begun.add(process);
    return process;
  }

  private WorkerProcess begin(String name) {
    return begin(directory, name, SERVER);
  }

  private List<Path> files() throws Exception {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void processAfterAKilledOneReplacesIt() {
    WorkerProcess killed = begin("asr");
    assertThat(killed.id()).matches("[A-Za-z0-9_-]{1,128}");
    assertThat(killed.former()).isNull();
    killed.end(false);

    WorkerProcess restarted = begin("asr");

    assertThat(restarted.former()).isEqualTo(killed.id());
    assertThat(restarted.id()).isNotEqualTo(killed.id());
    restarted.formerReported();
    assertThat(restarted.former()).isNull();
  }

  @Test
  void processesWithTheSameNameHaveDifferentInstances() {
    WorkerProcess first = begin("asr");
    WorkerProcess second = begin("asr");

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.former()).isNull();
    first.end(false);
    assertThat(begin("asr").former()).isEqualTo(first.id());
  }

  @Test
  void otherNamesAndServersHaveOtherFiles() {
    begin("asr").end(false);
    begin("worker").end(false);

    assertThat(begin("ocr").former()).isNull();
    assertThat(begin(null).former()).as("a random name").isNotNull();
    assertThat(begin(directory, "asr", URI.create("http://other")).former()).isNull();
  }

  @Test
  void cleanEndLeavesNothingToReplace() throws Exception {
    begin("asr").end(true);

    assertThat(files()).isEmpty();
    assertThat(begin("asr").former()).isNull();
  }

  @Test
  void endBeforeTheServerKnowsOfTheProcessBeforeKeepsTheFile() {
    begin("asr").end(false);
    WorkerProcess unreported = begin("asr");
    unreported.end(true);

    assertThat(begin("asr").former()).isEqualTo(unreported.id());
  }

  @Test
  void worksWithoutIdIfTheDirectoryIsNotWritable() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");

    WorkerProcess process = begin(file.resolve("state"), "asr", SERVER);

    assertThat(process.id()).isNull();
    assertThat(process.former()).isNull();
  }

  @Test
  void ignoresADamagedFile() throws Exception {
    begin("asr").end(false);
    Files.writeString(files().get(0), "not an id\n\n");

    WorkerProcess process = begin("asr");

    assertThat(process.former()).isNull();
    assertThat(process.id()).isNotNull();
  }
}
