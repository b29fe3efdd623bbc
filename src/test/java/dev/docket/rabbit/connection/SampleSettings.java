package dev.docket.rabbit.connection;

import java.net.URI;
import java.time.Duration;

/** Settings of a broker in tests, with the server's defaults for what a test does not set. */
public final class SampleSettings {

  static final Duration TIMEOUT = Duration.ofSeconds(10);
  public static final Duration HEARTBEAT = Duration.ofSeconds(15);
  public static final int MAX_UNCONFIRMED = 4096;
  public static final int PREFETCH = 500;

  private SampleSettings() {}

  public static RabbitSettings at(URI uri) {
    return at(uri, "");
  }

  public static RabbitSettings at(URI uri, String prefix) {
    return at(uri, prefix, HEARTBEAT, MAX_UNCONFIRMED, PREFETCH);
  }

  public static RabbitSettings at(
      URI uri, String prefix, Duration heartbeat, int maxUnconfirmed, int responsePrefetch) {
    return RabbitSettings.at(uri, prefix, heartbeat, TIMEOUT, maxUnconfirmed, responsePrefetch);
  }
}
