package dev.docket.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.Places;
import dev.docket.http.ServerBusy;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open event streams. One feed supplies all of them; it is open while any stream is. Neither
 * the feed nor a subscriber waits for another subscriber.
 */
public final class EventStreams {

  /**
   * Limits of memory and threads.
   *
   * @param maxStreams maximum number of open streams, each of which has a thread
   * @param buffer limits of the events that wait for one subscriber
   */
  record Limits(int maxStreams, EventSubscriber.BufferLimits buffer) {
    static final Limits DEFAULT = new Limits(100, EventSubscriber.BufferLimits.DEFAULT);
  }

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
  private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final EventFeed feed;
  private final ObjectMapper mapper;
  private final Limits limits;
  private final Places places;
  private final Map<EventSubscriber, Places.Place> subscribers = new ConcurrentHashMap<>();
  private final LongAdder dropped = new LongAdder();

  /** Guarded by this; null while no stream is open. */
  private @Nullable FeedListener feedListener;

  /** Guarded by this. */
  private boolean ended;

  public EventStreams(EventFeed feed, ObjectMapper mapper) {
    this(feed, mapper, Limits.DEFAULT);
  }

  EventStreams(EventFeed feed, ObjectMapper mapper, Limits limits) {
    this.feed = feed;
    this.mapper = mapper;
    this.limits = limits;
    this.places = new Places("event streams", limits.maxStreams());
  }

  /**
   * Opens a stream. Its first event says whether the broker is connected.
   *
   * @throws dev.docket.http.TooManyRequests if the caller has its share of the streams
   * @throws ServerBusy if the maximum number of streams is open, or the server is stopping
   */
  synchronized EventSubscriber open(EventFilter filter, Principal caller) {
    if (ended) {
      throw new ServerBusy("the server is shutting down; try again");
    }
    Places.Place place = places.take(caller);
    EventSubscriber subscriber = new EventSubscriber(filter, limits.buffer(), this::close);
    FeedListener listener = feedListener;
    subscriber.offer(ServerSentEvents.broker(listener != null && listener.connected));
    subscribers.put(subscriber, place);
    if (listener == null) {
      feedListener = new FeedListener();
      feed.open(feedListener);
    }
    return subscriber;
  }

  /** Closes a stream; {@link EventSubscriber#next} then returns empty to its writer. */
  synchronized void close(EventSubscriber subscriber) {
    subscriber.end();
    Places.Place place = subscribers.remove(subscriber);
    if (place == null) {
      return;
    }
    place.close();
    if (subscribers.isEmpty()) {
      feedListener = null;
      feed.close();
    }
  }

  /** Ends all streams and accepts no new ones. */
  public synchronized void end() {
    ended = true;
    subscribers.keySet().forEach(this::close);
  }

  /** The number of open streams. */
  public int count() {
    return subscribers.size();
  }

  /** The total number of events dropped because subscribers were too slow. */
  public long dropped() {
    return dropped.sum();
  }

  private synchronized void connectionChanged(FeedListener source, boolean connected) {
    if (source == feedListener) {
      source.connected = connected;
      byte[] frame = ServerSentEvents.broker(connected);
      subscribers.keySet().forEach(subscriber -> dropped.add(subscriber.offer(frame)));
    }
  }

  private void dispatch(byte[] body) {
    JsonNode event;
    byte[] frame;
    try {
      event = mapper.readTree(body);
      if (!event.isObject()) {
        return;
      }
      String id = event.path("event_id").asText();
      // Serialize the event again, so it is a single line.
      frame =
          ServerSentEvents.task(
              EVENT_ID.matcher(id).matches() ? id : "", mapper.writeValueAsString(event));
    } catch (JsonProcessingException e) {
      LOG.debug("Dropped an event that is not valid JSON", e);
      return;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    for (EventSubscriber subscriber : subscribers.keySet()) {
      if (subscriber.filter().matches(event)) {
        dropped.add(subscriber.offer(frame));
      }
    }
  }

  /** The listener of one opening of the feed. Calls after the feed was closed are ignored. */
  private final class FeedListener implements EventFeed.Listener {

    /** Guarded by the enclosing instance. */
    private boolean connected;

    @Override
    public void onEvent(byte[] body) {
      dispatch(body);
    }

    @Override
    public void onConnectionChange(boolean connected) {
      connectionChanged(this, connected);
    }
  }
}
