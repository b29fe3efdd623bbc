package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.SettableClock;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.jersey.server.ChunkedOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class EventStreamWritersTest {

  private static final class Frames implements EventStreamWriters.Sink {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    String take() throws InterruptedException {
      return frames.take();
    }

    @Override
    public void write(byte[] frame) {
      frames.add(new String(frame, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
      frames.add("closed");
    }
  }

  /** As Jersey behaves if the client has left before the first frame. */
  private static final class ClosedOutput extends ChunkedOutput<byte[]> {
    private ClosedOutput() {
      super(byte[].class);
    }

    @Override
    public void write(byte[] frame) {
      throw new ProcessingException("Response is closed.");
    }

    @Override
    public void close() {
      throw new ProcessingException("Response is closed.");
    }
  }

  @Test
  @Timeout(30)
  void endsStreamWhoseCredentialsAreNoLongerAccepted() throws Exception {
    ManualFeed feed = new ManualFeed();
    EventStreams streams = new EventStreams(feed, JsonMapper.builder().build());
    SettableClock clock = new SettableClock();
    EventStreamWriters writers = new EventStreamWriters(Duration.ofMinutes(1), clock::nanos);
    AtomicBoolean accepted = new AtomicBoolean(true);
    Frames frames = new Frames();
    writers.start(
        streams.open(EventFilter.read(Map.of(), OwnerFilter.ALL), () -> "site-a"),
        frames,
        accepted::get);

    assertThat(frames.take()).contains("event: broker");
    clock.advance(EventStreamWriters.CHECK_INTERVAL);
    feed.event("e-1", "ASR");
    assertThat(frames.take()).contains("e-1");
    accepted.set(false);
    clock.advance(EventStreamWriters.CHECK_INTERVAL);
    feed.event("e-2", "ASR");

    assertThat(frames.take()).isEqualTo("closed");
    await().until(() -> streams.count() == 0);
  }

  @Test
  void closedResponseIsADisconnect() {
    EventResource.Chunks chunks = new EventResource.Chunks(new ClosedOutput());
    assertThatThrownBy(() -> chunks.write(new byte[1])).isInstanceOf(IOException.class);
    assertThatThrownBy(chunks::close).isInstanceOf(IOException.class);
  }
}
