package dev.docket.broker;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to publish.
 *
 * @param body not copied, so it must not change
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OutboundMessage(Destination destination, Properties properties, byte[] body) {

  /**
   * The properties of a message; those that are null, and empty headers, are not sent. A publisher
   * that waits for confirms adds a message id.
   *
   * @param headers values of the types that the broker's protocol knows, such as texts and numbers
   * @param persistent whether the message survives a restart of the broker
   * @param priority 0 to 10, larger first
   * @param correlationId what a reply repeats
   * @param replyTo the queue for the reply
   * @param timestamp with a precision of seconds
   * @param type the application's name for the kind of message
   * @param appId the name of the application that created the message
   */
  public record Properties(
      @Nullable String contentType,
      @Nullable String contentEncoding,
      Map<String, Object> headers,
      boolean persistent,
      @Nullable Integer priority,
      @Nullable String correlationId,
      @Nullable String replyTo,
      @Nullable Instant timestamp,
      @Nullable String type,
      @Nullable String appId) {

    /** Transient JSON in UTF-8, with no other property. */
    public static final Properties JSON =
        new Properties(
            "application/json", "utf-8", Map.of(), false, null, null, null, null, null, null);

    public Properties {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
  }
}
