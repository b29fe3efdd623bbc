package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.auth.OwnerFilter;
import dev.docket.http.ServerBusy;
import dev.docket.http.TooManyRequests;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the distribution of events and the limits of streams. */
final class EventStreamsTest {

  private static final EventFilter ALL = EventFilter.read(Map.of(), OwnerFilter.ALL);
  private static final Principal CALLER = () -> "site-a";

  private final ManualFeed feed = new ManualFeed();
  private final EventStreams streams =
      new EventStreams(
          feed,
          JsonMapper.builder().build(),
          new EventStreams.Limits(4, new EventSubscriber.BufferLimits(4, 400)));

  private static String next(EventSubscriber subscriber) throws InterruptedException {
    return subscriber
        .next(Duration.ZERO)
        .map(frame -> new String(frame, StandardCharsets.UTF_8))
        .orElse("end");
  }

  private static EventFilter ofKey(String key) {
    return EventFilter.read(Map.of("key", List.of(key)), OwnerFilter.ALL);
  }

  @Test
  void feedIsOpenWhileAnyStreamIsOpen() {
    assertThat(feed.isOpen()).isFalse();
    EventSubscriber first = streams.open(ALL, CALLER);
    EventSubscriber second = streams.open(ALL, CALLER);
    assertThat(feed.isOpen()).isTrue();
    streams.close(first);
    streams.close(first);
    assertThat(feed.isOpen()).isTrue();
    streams.close(second);
    assertThat(feed.isOpen()).isFalse();
    assertThat(streams.count()).isZero();
  }

  @Test
  void deliversMatchingEventsToEachSubscriber() throws Exception {
    EventSubscriber asr = streams.open(ofKey("ASR"), CALLER);
    EventSubscriber all = streams.open(ALL, CALLER);
    feed.event("e-1", "OCR");
    feed.event("e-2", "ASR");

    assertThat(next(asr)).contains("event: broker", "\"connected\":false");
    assertThat(next(asr)).startsWith("id: e-2\nevent: task\ndata: {").endsWith("}\n\n");
    assertThat(next(asr)).isEqualTo(": keep-alive\n\n");
    assertThat(next(all)).contains("event: broker");
    assertThat(next(all)).startsWith("id: e-1\n");
    assertThat(next(all)).startsWith("id: e-2\n");
  }

  @Test
  void dropsOldestEventsOfSlowSubscriberAndReportsTheirNumber() throws Exception {
    EventSubscriber slow = streams.open(ALL, CALLER);
    EventSubscriber fast = streams.open(ofKey("ASR"), CALLER);
    next(slow);
    next(fast);
    for (int i = 1; i <= 7; i++) {
      feed.event("e-" + i, i == 7 ? "ASR" : "OCR");
    }

    assertThat(next(slow)).isEqualTo("event: lost\ndata: {\"count\":3}\n\n");
    assertThat(next(slow)).startsWith("id: e-4\n");
    assertThat(next(slow)).startsWith("id: e-5\n");
    assertThat(next(fast)).startsWith("id: e-7\n");
    assertThat(streams.dropped()).isEqualTo(3);
  }

  @Test
  void limitsBufferSizeInBytes() throws Exception {
    EventSubscriber subscriber = streams.open(ALL, CALLER);
    next(subscriber);
    feed.event("e-1", "A".repeat(150));
    feed.event("e-2", "A".repeat(150));
    feed.event("e-3", "A".repeat(500));
    assertThat(next(subscriber)).contains("\"count\":3");
    assertThat(next(subscriber)).isEqualTo(": keep-alive\n\n");
  }

  @Test
  void reportsConnectionChangesToEverySubscriber() throws Exception {
    EventSubscriber first = streams.open(ALL, CALLER);
    feed.connected(true);
    EventSubscriber later = streams.open(ALL, CALLER);
    feed.connected(false);

    assertThat(next(first)).contains("\"connected\":false");
    assertThat(next(first)).contains("\"connected\":true");
    assertThat(next(first)).contains("\"connected\":false");
    assertThat(next(later)).contains("\"connected\":true");
    assertThat(next(later)).contains("\"connected\":false");
  }

  @Test
  void ignoresListenerOfClosedFeed() throws Exception {
    streams.close(streams.open(ALL, CALLER));
    EventFeed.Listener old = feed.lastListener();
    EventSubscriber subscriber = streams.open(ALL, CALLER);
    old.onConnectionChange(true);

    assertThat(next(subscriber)).contains("\"connected\":false");
    assertThat(next(subscriber)).isEqualTo(": keep-alive\n\n");
  }

  @Test
  void oneCallerCannotOpenAllStreams() {
    EventSubscriber first = streams.open(ALL, CALLER);
    streams.open(ALL, CALLER);
    streams.open(ALL, CALLER);
    assertThatThrownBy(() -> streams.open(ALL, CALLER))
        .isInstanceOf(TooManyRequests.class)
        .hasMessageContaining("site-a may have at most 3 of the 4 event streams");
    assertThat(streams.open(ALL, () -> "site-b")).isNotNull();
    assertThatThrownBy(() -> streams.open(ALL, () -> "site-c")).isInstanceOf(ServerBusy.class);
    streams.close(first);
    assertThat(streams.open(ALL, CALLER)).isNotNull();
  }

  @Test
  void endClosesAllStreamsAndRejectsNewOnes() throws Exception {
    EventSubscriber subscriber = streams.open(ALL, CALLER);
    streams.end();
    assertThat(next(subscriber)).isEqualTo("end");
    assertThat(feed.isOpen()).isFalse();
    assertThatThrownBy(() -> streams.open(ALL, CALLER)).isInstanceOf(ServerBusy.class);
  }

  @Test
  void skipsBodiesThatAreNoEvents() throws Exception {
    EventSubscriber subscriber = streams.open(ALL, CALLER);
    next(subscriber);
    feed.raw("{");
    feed.raw("");
    feed.raw("{\"event_id\":\"x\\ny\",\n \"key\":\"ASR\"}");
    assertThat(next(subscriber))
        .isEqualTo("event: task\ndata: {\"event_id\":\"x\\ny\",\"key\":\"ASR\"}\n\n");
    assertThat(next(subscriber)).isEqualTo(": keep-alive\n\n");
  }
}
