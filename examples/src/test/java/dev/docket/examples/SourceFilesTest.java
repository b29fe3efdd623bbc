package dev.docket.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.worker.TargetType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceFilesTest {

  @TempDir Path dir;

  private Path file(String name) throws Exception {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, name);
  }

  @Test
  void idIsPathRelativeToDirectory() throws Exception {
    file("b/c d/Опись фонда 12.txt");
    file("a.txt");
    file(".hidden");
    assertThat(SourceFiles.below(dir).files())
        .extracting(SourceFile::id)
        .containsExactly(".hidden", "a.txt", "b/c d/Опись фонда 12.txt");
  }

  @Test
  void includesLinksToFilesAndSkipsOtherLinks() throws Exception {
    file("sub/a.txt");
    Files.createSymbolicLink(dir.resolve("to-file"), dir.resolve("sub/a.txt"));
    Files.createSymbolicLink(dir.resolve("to-dir"), dir.resolve("sub"));
    Files.createSymbolicLink(dir.resolve("to-nothing"), dir.resolve("gone"));
    Files.createSymbolicLink(dir.resolve("sub/circle"), dir);
    SourceFiles found = SourceFiles.below(dir);
    assertThat(found.files()).extracting(SourceFile::id).containsExactly("sub/a.txt", "to-file");
    assertThat(found.skipped())
        .extracting(path -> path.getFileName().toString())
        .containsExactlyInAnyOrder("to-dir", "to-nothing", "circle");
  }

  @Test
  void acceptsLinkToDirectory() throws Exception {
    file("real/a.txt");
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
    assertThat(SourceFiles.below(link).files()).extracting(SourceFile::id).containsExactly("a.txt");
  }

  @Test
  void rejectsMissingDirectory() {
    assertThatThrownBy(() -> SourceFiles.below(dir.resolve("gone")))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("gone is not a directory.");
  }

  @Test
  void rejectsDirectoryWithoutFiles() throws Exception {
    Files.createDirectories(dir.resolve("a/b"));
    assertThatThrownBy(() -> SourceFiles.below(dir))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(" contains no files.");
  }

  @ParameterizedTest
  @CsvSource({
    "a.txt,TEXT",
    "a.pdf,TEXT",
    "a.md,TEXT",
    "a.csv,DATASET",
    "a.png,IMAGE",
    "A.TIFF,IMAGE",
    "a.wav,SOUND",
    "a.mp3,SOUND",
    "a.mp4,VIDEO",
    "a.json,DATASET",
    "a,DATASET",
  })
  void typeDependsOnFileExtension(String name, TargetType type) {
    assertThat(SourceFile.below(dir, dir.resolve(name)).type()).isEqualTo(type);
  }

  @Test
  void documentUrlNamesTheFile() throws Exception {
    Path file = file("Опись & 100 % 'всё'?#.txt");
    var target = (Map<?, ?>) SourceFile.below(dir, file).document("me").get("target");
    String url = (String) target.get("url");
    assertThat(url).matches("[!-~]+");
    assertThat(Path.of(URI.create(url))).isEqualTo(file);
    assertThat(target.get("id")).isEqualTo("Опись & 100 % 'всё'?#.txt");
  }
}
