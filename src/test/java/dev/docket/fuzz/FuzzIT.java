package dev.docket.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.junit.BackendsExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of {@code scripts/fuzz}, half of it with the same requests each time. The system
 * property {@code docket.fuzz} is the number of requests, {@code docket.fuzzSeed} the other seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FuzzIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final int COUNT = Integer.getInteger("docket.fuzz", 2_000);

  private FuzzServer server;

  @BeforeAll
  void startServer(@TempDir Path directory) throws Exception {
    server = new FuzzServer(directory, BACKENDS.backends(), BACKENDS.prefix());
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private void fuzz(long seed) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    boolean passed;
    try (PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
      passed = Fuzz.run(new FuzzSettings(COUNT / 2, seed), server, out);
    }
    String text = output.toString(StandardCharsets.UTF_8);
    System.out.print(text);
    assertThat(passed).as(text).isTrue();
  }

  @Test
  void withstandsKnownRequests() throws Exception {
    fuzz(1);
  }

  @Test
  void withstandsRequestsOfTheDay() throws Exception {
    fuzz(Long.getLong("docket.fuzzSeed", LocalDate.now(ZoneOffset.UTC).toEpochDay()));
  }
}
