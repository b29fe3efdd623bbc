package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.worker.Outcome;
import dev.docket.worker.TargetType;
import dev.docket.worker.testkit.TestRun;
import dev.docket.worker.testkit.TestTask;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFileTest {

  @TempDir Path dir;

  private static TestRun read(String url, LocalFile.FileHandler handler) {
    return TestTask.ofKey("ANY")
        .target(TargetType.TEXT, url)
        .run((task, context) -> LocalFile.read(task, handler));
  }

  @Test
  void acceptsFileNamesInAnyScript() throws Exception {
    Path file = Files.writeString(dir.resolve("Опись фонда 12 + 100 %.txt"), "a");
    TestRun run =
        read(file.toUri().toString(), path -> Outcome.success(path.getFileName().toString()));
    assertThat(run.message()).isEqualTo("Опись фонда 12 + 100 %.txt");
  }

  @Test
  void missingFileIs404() {
    TestRun run = read(dir.resolve("gone").toUri().toString(), file -> size(file));
    assertThat(run.state()).isEqualTo(404);
    assertThat(run.message()).contains("gone");
  }

  @Test
  void unreadableFileIs403() {
    TestRun run =
        read(
            dir.resolve("unreadable").toUri().toString(),
            file -> {
              throw new AccessDeniedException(file.toString());
            });
    assertThat(run.state()).isEqualTo(403);
    assertThat(run.message()).contains("unreadable");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost/a.txt", "/a.txt", "", "file://host/a.txt", "file:a", "a b"})
  void invalidFileUrlIs400(String url) {
    assertThat(read(url, file -> size(file)).state()).isEqualTo(400);
  }

  @Test
  void directoryIs400() {
    assertThat(read(dir.toUri().toString(), file -> size(file)).state()).isEqualTo(400);
  }

  private static Outcome size(Path file) throws Exception {
    return Outcome.success(Files.size(file) + " bytes");
  }
}
