package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

  @TempDir Path dir;

  /** If root runs this test, Elasticsearch runs as another user, who needs access. */
  @BeforeEach
  void makeAccessible() throws Exception {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void printsResultsOfEachFileAndStopsAllProcesses() throws Exception {
    Path files = Files.createDirectories(dir.resolve("my files/папка"));
    Files.writeString(files.resolve("Опись фонда 12.txt"), "abc");
    Files.createFile(files.resolve("empty"));
    Files.writeString(files.resolve("..").resolve("手紙.csv"), "a,b\n1,2\n");
    List<ProcessHandle> processes;
    try (Program demo =
        Program.start(dir, "demo", "my files", "--data", dir.resolve("my data").toString())) {
      processes = demo.processes();
      int status = demo.awaitEnd();
      String output = demo.output();
      assertThat(status).as(output).isZero();
      assertThat(output)
          .containsPattern("папка/Опись фонда 12\\.txt +3  ba7816bf8f01  text/plain")
          .containsPattern("папка/empty +0  e3b0c44298fc  application/octet-stream")
          .containsPattern("手紙\\.csv +8  [0-9a-f]{12}  text/csv")
          .contains("registered 3 documents", "9 of 9 done", "3 files, 9 tasks, all succeeded")
          .contains("GET /search/", "/search/task?")
          .containsPattern("http://127\\.0\\.0\\.1:[0-9]+/")
          .contains("scripts/up ");
    }
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void failsImmediatelyIfDirectoryIsMissing() throws Exception {
    try (Program demo = Program.start(dir, "demo", "gone")) {
      assertThat(demo.awaitEnd()).isEqualTo(1);
      assertThat(demo.output()).isEqualTo("gone is not a directory.\n");
    }
  }

  @Test
  void failsImmediatelyIfDirectoryIsEmpty() throws Exception {
    Files.createDirectory(dir.resolve("empty directory"));
    try (Program demo = Program.start(dir, "demo", "empty directory")) {
      assertThat(demo.awaitEnd()).isEqualTo(1);
      assertThat(demo.output()).isEqualTo("empty directory contains no files.\n");
    }
  }

  @Test
  void printsUsageIfArgumentsAreInvalid() throws Exception {
    try (Program demo = Program.start(dir, "demo", "a", "b")) {
      assertThat(demo.awaitEnd()).isEqualTo(2);
      assertThat(demo.output()).contains("Too many arguments: a b").contains("Usage:");
    }
  }
}
