package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.eclipse.jetty.io.EofException;
import org.junit.jupiter.api.Test;

final class DisconnectLogTest {

  private static boolean isError(Throwable thrown) {
    LogRecord record = new LogRecord(Level.SEVERE, "Error while closing the output stream");
    record.setThrown(thrown);
    return new DisconnectLog().isLoggable(record);
  }

  @Test
  void disconnectIsNoError() {
    assertThat(isError(new EofException("Broken pipe"))).isFalse();
    assertThat(isError(new IllegalStateException(new EofException("Closed")))).isFalse();
  }

  @Test
  void everythingElseStaysAnError() {
    assertThat(isError(new IllegalStateException("a bug"))).isTrue();
    assertThat(isError(new IOException("from anywhere else"))).isTrue();
    assertThat(new DisconnectLog().isLoggable(new LogRecord(Level.SEVERE, "no cause"))).isTrue();
  }
}
