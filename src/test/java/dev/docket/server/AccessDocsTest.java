package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.server.AccessRoutes.Api;
import dev.docket.server.AccessRoutes.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The tables of docs/access.md are those of the code. */
final class AccessDocsTest {

  @Test
  void tablesListEveryRouteWithItsRoles() throws IOException {
    List<String> expected =
        AccessRoutes.all().stream().map(AccessDocsTest::row).distinct().toList();

    assertThat(
            Files.readAllLines(Path.of(System.getProperty("docket.root"), "docs/access.md"))
                .stream()
                .filter(line -> line.matches("\\| `[A-Z]+ /.*")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String row(Route route) {
    String base = route.api() == Api.DANE ? "/DANE" : "";
    String roles = route.open() ? "everyone" : String.join(", ", route.roles());
    String records =
        route.changes() != null
            ? "changes the " + route.changes().name().toLowerCase(Locale.ROOT)
            : route.sees() != null
                ? "sees the " + route.sees().name().toLowerCase(Locale.ROOT)
                : "";
    return "| `%s %s` | %s | %s |"
        .formatted(route.method(), base + route.template(), roles, records);
  }
}
