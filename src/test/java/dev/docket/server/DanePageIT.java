package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.backends.junit.BackendsExtension;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A page that reads what DANE's web page reads, in headless Chromium. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DanePageIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final String CHROMIUM = "/usr/bin/chromium";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Pattern PARAGRAPH = Pattern.compile("<p id=\"([^\"]*)\">(.*?)</p>");

  @TempDir Path home;

  private DaneTestServer dane;
  private DaneSite site;

  @BeforeAll
  void startServers() throws Exception {
    assertThat(Path.of(CHROMIUM)).as("Debian's package chromium").isExecutable();
    dane = new DaneTestServer(BACKENDS);
    site = new DaneSite(dane.server().uri(), "/dane/page.html");
  }

  @AfterAll
  void stopServers() {
    if (site != null) {
      site.close();
    }
    if (dane != null) {
      dane.close();
    }
  }

  /** The texts of the page's paragraphs, once it is complete. */
  private List<String> open(String... fragment) throws IOException, InterruptedException {
    String address =
        String.join(
            "/",
            Arrays.stream(fragment)
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .toList());
    Path dom = Files.createTempFile(home, "page", ".html");
    Path profile = Files.createTempDirectory(home, "profile");
    Process chromium =
        new ProcessBuilder(
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--virtual-time-budget=60000",
                "--dump-dom",
                site.page(address).toString())
            .redirectOutput(dom.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(chromium.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      chromium.destroyForcibly();
      chromium.waitFor();
    }
    String html = Files.readString(dom);
    List<String> texts =
        PARAGRAPH
            .matcher(html)
            .results()
            .map(p -> p.group(2).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
            .toList();
    assertThat(texts).as(html).contains("complete");
    return texts;
  }

  private void awaitState(String task, int state) {
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(dane.state(task)).isEqualTo(state));
  }

  @Test
  void documentPageListsTasksWithAndWithoutArguments() throws Exception {
    String document = dane.document("film é 100%", "archief");
    try (PythonWorker worker = dane.worker("PAGES", "DONE,BROKEN,BUSY")) {
      awaitState(dane.task(document, "DONE", Map.of()), 200);
      awaitState(dane.task(document, "BROKEN", Map.of("state", 500, "message", "<b>kapot")), 500);
      String busy = dane.task(document, "BUSY", Map.of("silent", true));
      awaitState(busy, 102);
      awaitState(dane.task(document, "NOQUEUE", Map.of("lang", "nl")), 422);

      List<String> texts = open("document", "film é*", "");

      assertThat(texts)
          .contains(
              "hit|film é 100%|Video|archief",
              "card|DONE|200|green|worked on film é 100%|1|{}|19|19",
              "card|BROKEN|500|red|<b>kapot|1|{\"message\":\"<b>kapot\",\"state\":500}|19|19",
              "card|BUSY|102|yellow|Queued|1|{\"silent\":true}|19|19")
          .anyMatch(text -> text.startsWith("card|NOQUEUE|422|red|Unroutable task"));
      assertThat(dane.delete("/task/" + busy).status()).isEqualTo(200);
      assertThat(worker.events("unreadable")).isEmpty();
    }
  }

  @Test
  void documentPageRegistersAssignsRunsAgainAndDeletes() throws Exception {
    List<String> texts = open("register", "page 1", "nobody");

    assertThat(texts)
        .contains(
            "parent|true",
            "retry-card|NOBODY|102|yellow|Queued|3|{}|19|19",
            "forceretry-card|NOBODY|102|yellow|Queued|3|{}|19|19",
            "reset-card|NOBODY|201|yellow|Reset|3|{}|19|19",
            "deleted|\"\"");
  }

  @Test
  void workerPageListsQueuesAndFailedTasksAndResetsThem() throws Exception {
    try (PythonWorker worker = dane.worker("FAILS", "FAILS")) {
      String plain = dane.document("w 1", "archief");
      awaitState(dane.task(plain, "FAILS", Map.of("state", 404, "message", "weg")), 404);
      String teapot = dane.task(dane.document("w 2", "archief"), "FAILS", Map.of("state", 418));
      awaitState(teapot, 418);
      String queue = BACKENDS.prefix() + "FAILS";
      await().atMost(TIMEOUT).until(() -> dane.get("/workers").raw().body().contains(queue + "\""));

      List<String> texts = open("workers", "FAILS", "404");

      assertThat(texts)
          .contains(
              "total|2",
              "card|FAILS|404|red|weg|1|{\"message\":\"weg\",\"state\":404}|19|19",
              "card|FAILS|418|red|worked on w 2|1|{\"state\":418}|19|19",
              "reset|1")
          .anyMatch(text -> text.startsWith("worker|" + queue + "|1|"));
      assertThat(open("workers", "NOBODY", "500")).contains("total|0", "error|No tasks affected");
      assertThat(worker.events("unreadable")).isEmpty();
    }
  }
}
