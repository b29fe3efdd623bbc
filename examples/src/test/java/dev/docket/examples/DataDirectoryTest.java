package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir Path dir;

  @Test
  void createsDirectoryAndItsParents() {
    try (DataDirectory data = DataDirectory.open(dir.resolve("a b/c"))) {
      assertThat(data.logs()).isDirectory();
    }
  }

  @Test
  void rejectsDirectoryInUse() {
    try (DataDirectory data = DataDirectory.open(dir)) {
      assertThatThrownBy(() -> DataDirectory.open(data.path()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Another Docket");
    }
    DataDirectory.open(dir).close();
  }

  @Test
  void rejectsFile() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.open(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString());
  }
}
