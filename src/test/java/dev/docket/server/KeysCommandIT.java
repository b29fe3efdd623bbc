package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.backends.junit.BackendsExtension;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code keys} next to a server without configured keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeysCommandIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Pattern KEY = Pattern.compile("dk_([0-9a-f]{16})_[A-Za-z0-9_-]{43}");

  @TempDir static Path dir;

  private Path config;
  private TestServer server;

  @BeforeAll
  void start() throws Exception {
    String yaml =
        TestServer.config(
            BACKENDS.backends().elasticsearch(),
            BACKENDS.backends().amqp(),
            BACKENDS.prefix(),
            "access: {required: true}");
    config = Files.writeString(dir.resolve("config.yml"), yaml);
    server = new TestServer(yaml);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** What the command printed, and whether it succeeded. */
  private record Output(boolean ok, String out, String err) {}

  private Output run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("keys"));
    all.addAll(List.of(arguments));
    DocketApplication application = new DocketApplication();
    Bootstrap<DocketConfig> bootstrap = new Bootstrap<>(application);
    application.addDefaultCommands(bootstrap);
    application.initialize(bootstrap);
    PrintStream systemOut = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      boolean ok =
          new Cli(
                  new JarLocation(getClass()),
                  bootstrap,
                  System.out,
                  new PrintStream(err, true, StandardCharsets.UTF_8))
              .run(all.toArray(String[]::new))
              .isEmpty();
      return new Output(
          ok, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(systemOut);
    }
  }

  private int status(String key, String path) {
    return server.send(server.request(path).header("Authorization", "Bearer " + key)).status();
  }

  @Test
  void createsListsAndRevokesFirstKey() throws Exception {
    assertThat(server.get("/stats").status()).isEqualTo(401);

    Output created =
        run("create", "--name", "first", "--role", "admin", "--role", "worker", config.toString());
    assertThat(created.ok()).as(created.err()).isTrue();
    Matcher matcher = KEY.matcher(created.out());
    assertThat(matcher.find()).isTrue();
    String key = matcher.group();
    String id = matcher.group(1);
    await().atMost(Duration.ofSeconds(30)).until(() -> status(key, "/keys") == 200);

    Output list = run("list", config.toString());
    assertThat(list.out())
        .containsPattern(id + "\\s+managed\\s+active\\s+first\\s+roles: admin, worker")
        .doesNotContain(key);

    Output revoked = run("revoke", id, config.toString());
    assertThat(revoked.out()).contains("Revoked the key " + id + " of first");
    await().atMost(Duration.ofSeconds(30)).until(() -> status(key, "/keys") == 401);
    assertThat(run("list", config.toString()).out()).containsPattern(id + "\\s+managed\\s+revoked");
  }

  @Test
  void createsKeyWithLimits() throws Exception {
    Output created =
        run(
            "create",
            "--name",
            "site",
            "--role",
            "worker",
            "--group",
            "radio",
            "--task-key",
            "ASR",
            "--task-key",
            "OCR",
            "--expires",
            "P30D",
            config.toString());
    assertThat(created.ok()).as(created.err()).isTrue();
    assertThat(run("list", config.toString()).out())
        .containsPattern(
            "site {2}roles: worker {2}group: radio {2}task keys: ASR, OCR {2}expires: 2");
  }

  @Test
  void failureIsOneLineThatSaysWhatIsWrong() throws Exception {
    assertFails("--expires must be a duration", "--expires", "soon");
    assertFails("expires_at: must be in the future", "--expires", "2020-01-01T00:00:00Z");
    assertFails("expires_at: must be before the year 10000", "--expires", "P4000000D");
    assertFails("taskKeys", "--task-key", "asr");
    assertFails("group must be 1 to 128 characters", "--group", "a b");
    Output unknown = run("revoke", "0123456789abcdef", config.toString());
    assertThat(unknown.ok()).isFalse();
    assertThat(unknown.err()).contains("there is no API key with the id 0123456789abcdef");
  }

  private void assertFails(String message, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("create", "--name", "x", "--role", "worker"));
    all.addAll(List.of(arguments));
    all.add(config.toString());
    Output failed = run(all.toArray(String[]::new));
    assertThat(failed.ok()).isFalse();
    assertThat(failed.err().lines()).hasSize(1);
    assertThat(failed.err()).startsWith("keys failed: ").contains(message);
  }
}
