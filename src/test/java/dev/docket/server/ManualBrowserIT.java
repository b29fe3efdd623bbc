package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.manual.ManualProtocol;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The pages for people in a real browser, whose headers the server must accept. */
final class ManualBrowserIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  @TempDir private Path profile;

  @Test
  void personClaimsAndCompletesTask() throws Exception {
    try (TestServer server =
            new TestServer(
                TestServer.config(
                    BACKENDS.backends().elasticsearch(),
                    BACKENDS.backends().amqp(),
                    BACKENDS.prefix(),
                    """
                    services:
                      transcribe:
                        protocol: manual
                        outputs: [{name: text, type: text, mandatory: true}]
                    """),
                names -> new ManualProtocol());
        Chromium browser = new Chromium(profile)) {
      String task = server.task(server.document("letter", "Text"), "TRANSCRIBE", "");

      browser.open(server.uri().resolve("/manual/task/" + task));
      browser.awaitText("Your name");
      browser.enter("#name", "Zoë שרה");
      browser.click("button.main");
      browser.awaitText("Claim this task");
      browser.click("button.main");
      browser.awaitText("Complete the task");
      browser.click("button.main");
      assertThat(browser.evaluate("String(document.querySelector(\":invalid\") !== null)"))
          .isEqualTo("true");
      browser.enter("textarea[name=\"output.text\"]", "Dear Ada,\nשלום");
      browser.click("button.main");
      browser.awaitText("The task is completed.");

      assertThat(server.get("/task/" + task + "/results").body().at("/0/payload/text").asText())
          .isEqualTo("Dear Ada,\nשלום");
      assertThat(server.get("/task/" + task).raw().body()).contains("done by Zoë שרה");
    }
  }
}
