package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpException;
import org.junit.jupiter.api.Test;

final class UnreadableBodyTest {

  private static int status(Throwable failure) {
    return ErrorsFeature.response(UnreadableBody.of(failure)).getStatus();
  }

  @Test
  void lostConnectionIs400() {
    assertThat(status(new EOFException("Early EOF"))).isEqualTo(400);
    assertThat(status(new IOException("Connection reset by peer"))).isEqualTo(400);
  }

  @Test
  void timeoutIs408() {
    assertThat(status(new IOException(new TimeoutException("Idle timeout expired"))))
        .isEqualTo(408);
    assertThat(status(new HttpException.RuntimeException(408, "too slow"))).isEqualTo(408);
  }

  @Test
  void invalidCompressionIs400AndSaysSo() {
    UnreadableBody body =
        UnreadableBody.of(new RuntimeException(new ZipException("Invalid gzip bytes")));
    assertThat(body.status()).isEqualTo(400);
    assertThat(body).hasMessageContaining("Content-Encoding");
  }

  @Test
  void statusOfContainerIsKept() {
    assertThat(status(new HttpException.RuntimeException(413, "too large"))).isEqualTo(413);
    assertThat(status(new HttpException.RuntimeException(500, "broken"))).isEqualTo(400);
  }
}
