package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real browser with one tab, driven over the DevTools protocol. */
final class Chromium implements AutoCloseable {

  private static final String PROGRAM = "/usr/bin/chromium";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket tab;
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private int lastCall;

  /**
   * Starts the browser.
   *
   * @param profile an empty directory
   */
  Chromium(Path profile) throws IOException, InterruptedException {
    assertThat(Path.of(PROGRAM)).as("Debian's package chromium").isExecutable();
    process =
        new ProcessBuilder(
                PROGRAM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Path portFile = profile.resolve("DevToolsActivePort");
    HttpClient http = HttpClient.newHttpClient();
    try {
      String port =
          await()
              .atMost(TIMEOUT)
              .until(
                  () -> Files.exists(portFile) ? Files.readAllLines(portFile) : List.<String>of(),
                  lines -> !lines.isEmpty())
              .get(0);
      HttpRequest list =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build();
      JsonNode pages =
          await()
              .atMost(TIMEOUT)
              .until(
                  () -> JSON.readTree(http.send(list, HttpResponse.BodyHandlers.ofString()).body()),
                  found -> found.findValuesAsText("type").contains("page"));
      String address = "";
      for (JsonNode page : pages) {
        if (page.path("type").asText().equals("page")) {
          address = page.path("webSocketDebuggerUrl").asText();
        }
      }
      tab = http.newWebSocketBuilder().buildAsync(URI.create(address), new Messages()).join();
    } catch (RuntimeException failure) {
      kill();
      throw failure;
    }
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          JsonNode message = JSON.readTree(text.toString());
          CompletableFuture<JsonNode> call = calls.remove(message.path("id").asInt());
          if (call != null) {
            call.complete(message);
          }
        } catch (IOException e) {
          calls.values().forEach(call -> call.completeExceptionally(e));
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    ObjectNode message = JSON.createObjectNode().put("id", ++lastCall).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    CompletableFuture<JsonNode> response = new CompletableFuture<>();
    calls.put(lastCall, response);
    tab.sendText(message.toString(), true).join();
    return response.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  void open(URI address) {
    call("Page.navigate", Map.of("url", address.toString()));
  }

  /** Evaluates an expression in the page. The value is empty while the page changes. */
  String evaluate(String expression) {
    return call("Runtime.evaluate", Map.of("expression", expression))
        .at("/result/result/value")
        .asText();
  }

  /** Waits until the page is complete and contains a text. */
  void awaitText(String text) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        evaluate(
                            "document.readyState === 'complete' ? document.body.innerText : ''"))
                    .contains(text));
  }

  /** Enters a text in a field. */
  void enter(String selector, String text) {
    evaluate(
        "document.querySelector('%s').value = %s"
            .formatted(selector, JSON.getNodeFactory().textNode(text)));
  }

  void click(String selector) {
    evaluate("document.querySelector('%s').click()".formatted(selector));
  }

  @Override
  public void close() {
    tab.abort();
    kill();
  }

  /** Kills all processes of the browser, which otherwise still write into the profile. */
  private void kill() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    // A killed child remains a zombie if the first process of a container does not wait for it.
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, EXIT_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
