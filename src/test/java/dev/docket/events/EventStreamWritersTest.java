package dev.docket.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import org.glassfish.jersey.server.ChunkedOutput;
import org.junit.jupiter.api.Test;

final class EventStreamWritersTest {

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
  void closedResponseIsADisconnect() {
    EventResource.Chunks chunks = new EventResource.Chunks(new ClosedOutput());
    assertThatThrownBy(() -> chunks.write(new byte[1])).isInstanceOf(IOException.class);
    assertThatThrownBy(chunks::close).isInstanceOf(IOException.class);
  }
}
