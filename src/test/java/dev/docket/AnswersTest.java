package dev.docket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that {@code docs/answers.md} names exist. */
class AnswersTest {

  private static final Path ROOT = Path.of(System.getProperty("docket.root", ".."));
  private static final Pattern ROW =
      Pattern.compile("^\\| (\\d+) \\|.*https://github\\.com/.*\\| `(\\w+)(?:\\.(\\w+))?` \\|$");

  @Test
  void eachAnswerNamesATestThatExists() throws IOException {
    List<String> numbers = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/answers.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        numbers.add(row.group(1));
        String source = Files.readString(sourceOf(row.group(2)));
        String method = row.group(3) == null ? "@Test" : " " + row.group(3) + "(";
        assertThat(source).as(line).contains(method);
      }
    }
    assertThat(numbers)
        .containsExactly(
            "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15");
  }

  private static Path sourceOf(String testClass) throws IOException {
    for (String tests : List.of("src/test/java", "worker-client/src/test/java")) {
      Path directory = ROOT.resolve(tests);
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.walk(directory)) {
          Path found = files.filter(f -> f.endsWith(testClass + ".java")).findFirst().orElse(null);
          if (found != null) {
            return found;
          }
        }
      }
    }
    throw new AssertionError("no test class " + testClass);
  }
}
