package dev.docket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rejects phrases that plain technical English does not need, in sources, resources, scripts and
 * documents. A phrase that made a reader stop is added here when it is replaced.
 */
final class ProseTest {

  private static final Path ROOT = Path.of(System.getProperty("docket.root", ".."));

  private static final Set<String> SKIPPED_DIRECTORIES = Set.of("target", ".git", "node_modules");

  /** This test, which holds the phrases, and a license of others. */
  private static final Set<String> SKIPPED_FILES = Set.of("ProseTest.java", "LICENSE");

  private static final List<String> EXTENSIONS =
      List.of(
          ".java", ".md", ".yml", ".yaml", ".json", ".html", ".js", ".sh", ".xml", ".py", ".jte");

  private static final Pattern REJECTED =
      Pattern.compile(
          String.join(
              "|",
              "\\b[Aa]new\\b",
              "\\b[Ww]ho(m|so)?ever\\b",
              "\\bis none of\\b",
              "\\bof no account\\b",
              "\\b[Hh]ow no is said\\b",
              "(?<![\"'\\w-])([Hh]e|[Hh]is|[Hh]im|[Hh]imself)\\b(?!['-])",
              "\\b(MOST|LONGEST|LEAST|LARGEST|FEWEST|USUAL)_",
              "\\bprivate static final Logger log\\b",
              "\\b[Ii]t is looked\\b",
              "\\b[Ii]n vain\\b",
              "\\b[Aa]miss\\b",
              "\\bas it were\\b",
              "\\b[Bb]e it\\b",
              "\\b[Tt]hereof\\b",
              "\\b[Mm]oot\\b",
              "\\b[Oo]ne's own\\b",
              "\\b[Tt]he (house|desk)\\b",
              "\\b(Courier|couriers|Couriers)\\b",
              "\\b[Aa] courier\\b",
              "\\b[Tt]rouble\\(",
              "\\b[Ww]hat is left to (be )?do(ne)?\\b",
              "\\b[Nn]obody has said\\b"));

  @Test
  void textsArePlainEnglish() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        Matcher rejected = REJECTED.matcher(lines.get(i));
        if (rejected.find()) {
          found.add(
              "%s:%d: \"%s\" in: %s"
                  .formatted(ROOT.relativize(file), i + 1, rejected.group(), lines.get(i).strip()));
        }
      }
    }
    assertThat(found).as("phrases to replace").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "is registered anew",
        "Whoever asks",
        "his lease",
        "int MOST_TASKS = 3;",
        "what is left to do",
        "the Courier",
      })
  void rejects(String text) {
    assertThat(REJECTED.matcher(text).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"the history", "\"courier\"", "the header", "this", "almost_all"})
  void accepts(String text) {
    assertThat(REJECTED.matcher(text).find()).isFalse();
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return SKIPPED_DIRECTORIES.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (!SKIPPED_FILES.contains(name)
                && (EXTENSIONS.stream().anyMatch(name::endsWith)
                    || file.getParent().getFileName().toString().equals("scripts"))) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(files).hasSizeGreaterThan(500);
    return files;
  }
}
