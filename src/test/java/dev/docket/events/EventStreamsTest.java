package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who hears what, and who is let in. */
final class EventStreamsTest {

  private static final EventFilter ALL = EventFilter.read(Map.of());

  private final ManualFeed feed = new ManualFeed();
  private final EventStreams streams =
      new EventStreams(
          feed,
          JsonMapper.builder().build(),
          new EventStreams.Limits(3, new EventSubscriber.Room(4, 400)));

  private static String next(EventSubscriber reader) throws InterruptedException {
    return reader
        .next(Duration.ZERO)
        .map(frame -> new String(frame, StandardCharsets.UTF_8))
        .orElse("end");
  }

  private static EventFilter ofKey(String key) {
    return EventFilter.read(Map.of("key", List.of(key)));
  }

  @Test
  void theFeedIsOpenWhileSomebodyReads() {
    assertThat(feed.isOpen()).isFalse();
    EventSubscriber one = streams.open(ALL);
    EventSubscriber other = streams.open(ALL);
    assertThat(feed.isOpen()).isTrue();
    streams.close(one);
    streams.close(one);
    assertThat(feed.isOpen()).isTrue();
    streams.close(other);
    assertThat(feed.isOpen()).isFalse();
    assertThat(streams.count()).isZero();
  }

  @Test
  void eachHearsWhatItAskedFor() throws Exception {
    EventSubscriber asr = streams.open(ofKey("ASR"));
    EventSubscriber all = streams.open(ALL);
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
  void whoeverIsSlowLosesTheOldestAndIsToldHowManyAndHoldsUpNobody() throws Exception {
    EventSubscriber slow = streams.open(ALL);
    EventSubscriber quick = streams.open(ofKey("ASR"));
    next(slow);
    next(quick);
    for (int i = 1; i <= 7; i++) {
      feed.event("e-" + i, i == 7 ? "ASR" : "OCR");
    }

    assertThat(next(slow)).isEqualTo("event: lost\ndata: {\"count\":3}\n\n");
    assertThat(next(slow)).startsWith("id: e-4\n");
    assertThat(next(slow)).startsWith("id: e-5\n");
    assertThat(next(quick)).startsWith("id: e-7\n");
    assertThat(streams.lost()).isEqualTo(3);
  }

  @Test
  void whatWaitsIsBoundedInSizeToo() throws Exception {
    EventSubscriber reader = streams.open(ALL);
    next(reader);
    feed.event("e-1", "A".repeat(150));
    feed.event("e-2", "A".repeat(150));
    feed.event("e-3", "A".repeat(500));
    assertThat(next(reader)).contains("\"count\":3");
    assertThat(next(reader)).isEqualTo(": keep-alive\n\n");
  }

  @Test
  void everyReaderIsToldWhenTheBrokerComesAndGoes() throws Exception {
    EventSubscriber first = streams.open(ALL);
    feed.connected(true);
    EventSubscriber later = streams.open(ALL);
    feed.connected(false);

    assertThat(next(first)).contains("\"connected\":false");
    assertThat(next(first)).contains("\"connected\":true");
    assertThat(next(first)).contains("\"connected\":false");
    assertThat(next(later)).contains("\"connected\":true");
    assertThat(next(later)).contains("\"connected\":false");
  }

  @Test
  void whatAClosedFeedStillSaysIsNotBelieved() throws Exception {
    streams.close(streams.open(ALL));
    EventFeed.Listener old = feed.lastListener();
    EventSubscriber reader = streams.open(ALL);
    old.connected(true);

    assertThat(next(reader)).contains("\"connected\":false");
    assertThat(next(reader)).isEqualTo(": keep-alive\n\n");
  }

  @Test
  void moreReadersThanMayBeAreRefusedUntilOneGoes() {
    EventSubscriber one = streams.open(ALL);
    streams.open(ALL);
    streams.open(ALL);
    assertThatThrownBy(() -> streams.open(ALL))
        .isInstanceOf(TooManyEventStreams.class)
        .hasMessageContaining("3 streams");
    streams.close(one);
    assertThat(streams.open(ALL)).isNotNull();
  }

  @Test
  void atTheEndAllStreamsEndAndNobodyIsLetIn() throws Exception {
    EventSubscriber reader = streams.open(ALL);
    streams.end();
    assertThat(next(reader)).isEqualTo("end");
    assertThat(feed.isOpen()).isFalse();
    assertThatThrownBy(() -> streams.open(ALL)).isInstanceOf(TooManyEventStreams.class);
  }

  @Test
  void whatIsNoEventIsPassedOver() throws Exception {
    EventSubscriber reader = streams.open(ALL);
    next(reader);
    feed.raw("{");
    feed.raw("");
    feed.raw("{\"event_id\":\"x\\ny\",\n \"key\":\"ASR\"}");
    assertThat(next(reader))
        .isEqualTo("event: task\ndata: {\"event_id\":\"x\\ny\",\"key\":\"ASR\"}\n\n");
    assertThat(next(reader)).isEqualTo(": keep-alive\n\n");
  }
}
