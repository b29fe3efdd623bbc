package dev.docket.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of events, fanned out from one feed, which is open while a stream is. No reader
 * waits for another, nor does the feed for any.
 */
public final class EventStreams {

  /**
   * What is kept for how many.
   *
   * @param readers the most streams at once, each of which has a thread that writes it
   * @param room what may wait for each
   */
  record Limits(int readers, EventSubscriber.Room room) {
    static final Limits DEFAULT = new Limits(100, EventSubscriber.Room.DEFAULT);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
  private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final EventFeed feed;
  private final ObjectMapper mapper;
  private final Limits limits;
  private final Set<EventSubscriber> readers = ConcurrentHashMap.newKeySet();
  private final LongAdder lost = new LongAdder();

  /** Guarded by this, as is the next; null while nobody reads. */
  private @Nullable FeedListener ear;

  private boolean ended;

  public EventStreams(EventFeed feed, ObjectMapper mapper) {
    this(feed, mapper, Limits.DEFAULT);
  }

  EventStreams(EventFeed feed, ObjectMapper mapper, Limits limits) {
    this.feed = feed;
    this.mapper = mapper;
    this.limits = limits;
  }

  /**
   * Lets a reader in. He first hears whether the broker can be heard.
   *
   * @throws TooManyEventStreams if there are as many as may be
   */
  synchronized EventSubscriber open(EventFilter filter) {
    if (ended) {
      throw new TooManyEventStreams("this server is about to stop; try again");
    }
    if (readers.size() >= limits.readers()) {
      throw new TooManyEventStreams(
          limits.readers() + " streams of events are open, and no more may be at once; try again");
    }
    EventSubscriber reader = new EventSubscriber(filter, limits.room());
    FeedListener hearing = ear;
    reader.offer(ServerSentEvents.broker(hearing != null && hearing.connected));
    readers.add(reader);
    if (hearing == null) {
      ear = new FeedListener();
      feed.open(ear);
    }
    return reader;
  }

  /** Lets him go; whoever writes for him is told by {@link EventSubscriber#next}. */
  synchronized void close(EventSubscriber reader) {
    reader.end();
    if (readers.remove(reader) && readers.isEmpty()) {
      ear = null;
      feed.close();
    }
  }

  /** Ends all streams, and lets nobody in any more. */
  synchronized void end() {
    ended = true;
    readers.forEach(this::close);
  }

  /** How many streams are open. */
  public int count() {
    return readers.size();
  }

  /** How many events readers were too slow for, all together. */
  public long lost() {
    return lost.sum();
  }

  private synchronized void connected(FeedListener said, boolean now) {
    if (said == ear) {
      said.connected = now;
      readers.forEach(reader -> lost.add(reader.offer(ServerSentEvents.broker(now))));
    }
  }

  private void heard(byte[] body) {
    JsonNode event;
    byte[] frame;
    try {
      event = mapper.readTree(body);
      if (!event.isObject()) {
        return;
      }
      String id = event.path("event_id").asText();
      // Written anew: whatever was published, it is one line now.
      frame =
          ServerSentEvents.task(
              EVENT_ID.matcher(id).matches() ? id : "", mapper.writeValueAsString(event));
    } catch (JsonProcessingException unreadable) {
      LOG.debug("what came as an event is none", unreadable);
      return;
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    for (EventSubscriber reader : readers) {
      if (reader.filter().wants(event)) {
        lost.add(reader.offer(frame));
      }
    }
  }

  /** One opening of the feed: what a closed one still says is not listened to. */
  private final class FeedListener implements EventFeed.Listener {

    /** Guarded by the streams. */
    private boolean connected;

    @Override
    public void heard(byte[] body) {
      EventStreams.this.heard(body);
    }

    @Override
    public void connected(boolean now) {
      EventStreams.this.connected(this, now);
    }
  }
}
