package dev.docket.elastic.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SilenceDetectorTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  private final AtomicLong nanos = new AtomicLong(5);
  private final SilenceDetector detector = new SilenceDetector(TIMEOUT, nanos::get);

  private void wait(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private IOException timeOut() throws NoAnswerException {
    long sentAt = detector.begin();
    wait(TIMEOUT);
    return detector.failed(sentAt, new SocketTimeoutException("8,000 ms"), TIMEOUT);
  }

  @Test
  void namesTimeoutAndItsSetting() throws Exception {
    assertThat(timeOut())
        .isInstanceOf(NoAnswerException.class)
        .hasMessage("Elasticsearch did not answer within 8 s (elasticsearch.requestTimeout)");
    assertThat(detector.failed(nanos.get(), new SocketTimeoutException(), Duration.ofMinutes(10)))
        .hasMessage("Elasticsearch did not answer within 600 s");
  }

  @Test
  void failsFurtherRequestsAtOnceExceptOneEachSecond() throws Exception {
    var unused = timeOut();
    assertThatThrownBy(detector::begin)
        .hasMessage("Elasticsearch accepts connections, but has not answered for 8 s");
    wait(Duration.ofSeconds(1));
    assertThat(detector.begin()).isEqualTo(nanos.get());
    assertThatThrownBy(detector::begin).isInstanceOf(NoAnswerException.class);
  }

  @Test
  void admitsAllRequestsAfterResponse() throws Exception {
    var unused = timeOut();
    detector.responded();
    assertThat(detector.begin()).isEqualTo(nanos.get());
    assertThat(detector.begin()).isEqualTo(nanos.get());
  }

  @Test
  void slowRequestIsNoSilenceIfAnotherOneIsAnswered() throws Exception {
    long sentAt = detector.begin();
    wait(Duration.ofSeconds(1));
    detector.responded();
    wait(Duration.ofSeconds(7));
    assertThat(detector.failed(sentAt, new SocketTimeoutException(), TIMEOUT))
        .isInstanceOf(NoAnswerException.class);
    assertThat(detector.begin()).isEqualTo(nanos.get());
  }

  @Test
  void refusedConnectionIsNoSilence() throws Exception {
    ConnectException refused = new ConnectException("refused");
    assertThat(detector.failed(detector.begin(), refused, TIMEOUT)).isSameAs(refused);
    assertThat(detector.begin()).isEqualTo(nanos.get());
  }
}
