package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.http.ErrorsFeature;
import io.dropwizard.testing.junit5.DropwizardClientExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the stream over HTTP with a feed that the test controls. */
@ExtendWith(DropwizardExtensionsSupport.class)
final class EventStreamTest {

  private static final ManualFeed FEED = new ManualFeed();
  private static final EventStreams STREAMS =
      new EventStreams(
          FEED,
          JsonMapper.builder().build(),
          new EventStreams.Limits(3, new EventSubscriber.BufferLimits(50, 1 << 20)));
  private static final EventStreamWriters WRITERS =
      new EventStreamWriters(Duration.ofMillis(50), System::nanoTime);
  public static final DropwizardClientExtension SERVER =
      new DropwizardClientExtension(
          new EventResource(STREAMS, WRITERS),
          new ErrorsFeature(),
          new AuthFeature(TestKeys.authenticator(), RejectionListener.NONE));

  private final HttpClient http = HttpClient.newHttpClient();

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
  }

  private HttpRequest request(String query) {
    return HttpRequest.newBuilder(URI.create(SERVER.baseUri() + "/events" + query))
        .header("Accept-Encoding", "gzip")
        .build();
  }

  private HttpResponse<InputStream> open(String query) throws Exception {
    return http.send(request(query), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static BufferedReader lines(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The next event, without its comments. */
  private static List<String> event(BufferedReader lines) throws IOException {
    List<String> event = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !(line.isEmpty() && !event.isEmpty())) {
      if (!line.isEmpty() && !line.startsWith(":")) {
        event.add(line);
      }
      line = lines.readLine();
    }
    return event;
  }

  @Test
  void streamsMatchingEventsImmediately() throws Exception {
    HttpResponse<InputStream> response = open("?key=ASR");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    try (BufferedReader lines = lines(response)) {
      assertThat(event(lines)).containsExactly("event: broker", "data: {\"connected\":false}");
      FEED.event("e-1", "OCR");
      FEED.event("e-2", "ASR");
      assertThat(event(lines))
          .containsExactly(
              "id: e-2", "event: task", "data: {\"event_id\":\"e-2\",\"key\":\"ASR\"}");
      assertThat(lines.readLine()).isEqualTo(": keep-alive");
    }
    await().until(() -> STREAMS.count() == 0);
    assertThat(FEED.isOpen()).isFalse();
  }

  @Test
  void dropsEventsOfClientThatDoesNotReadWithoutBlockingOthers() throws Exception {
    URI base = SERVER.baseUri();
    long droppedBefore = STREAMS.dropped();
    try (Socket slowSocket = new Socket(base.getHost(), base.getPort());
        BufferedReader fastReader = lines(open("?state=ERROR"))) {
      String get = "GET " + base.getPath() + "/events HTTP/1.1\r\nHost: x\r\n\r\n";
      slowSocket.getOutputStream().write(get.getBytes(StandardCharsets.US_ASCII));
      await().until(() -> STREAMS.count() == 2);
      event(fastReader);
      String large = "A".repeat(100_000);
      await()
          .until(
              () -> {
                FEED.event("e", large);
                return STREAMS.dropped() > droppedBefore + 10;
              });
      FEED.raw("{\"event_id\":\"e-2\",\"state\":500}");
      assertThat(event(fastReader)).contains("id: e-2");

      BufferedReader slowReader =
          new BufferedReader(
              new InputStreamReader(slowSocket.getInputStream(), StandardCharsets.US_ASCII));
      String line = slowReader.readLine();
      while (!line.equals("event: lost")) {
        line = slowReader.readLine();
      }
      assertThat(slowReader.readLine()).matches("data: \\{\"count\":\\d+}");
    }
    await().until(() -> STREAMS.count() == 0);
  }

  @Test
  void rejectsStreamAboveShareOfCallerWithRetryAfter() throws Exception {
    try (InputStream first = open("").body();
        InputStream second = open("").body()) {
      assertThat(first).isNotNull();
      assertThat(second).isNotNull();
      HttpResponse<InputStream> rejected = open("");
      assertThat(rejected.statusCode()).isEqualTo(429);
      assertThat(rejected.headers().firstValue("Retry-After")).isPresent();
    }
    await().until(() -> STREAMS.count() == 0);
  }

  @Test
  void rejectsInvalidFilterAndOpensNoStreamForHead() throws Exception {
    HttpResponse<InputStream> rejected = open("?key=a%20b");
    assertThat(rejected.statusCode()).isEqualTo(400);
    assertThat(new String(rejected.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("\"pointer\":\"key\"");
    assertThat(open("?state=%ff").statusCode()).isEqualTo(400);
    HttpRequest head =
        HttpRequest.newBuilder(URI.create(SERVER.baseUri() + "/events"))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(http.send(head, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    assertThat(STREAMS.count()).isZero();
  }
}
