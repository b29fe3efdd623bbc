package dev.docket.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * A log event with sanitized texts, for any appender and any layout: message, key-value pairs, MDC,
 * exceptions and the name of the thread, which contains the URL of the request.
 */
final class SanitizedEvent implements ILoggingEvent {

  private final ILoggingEvent original;
  private final String message;
  private final String thread;
  private final @Nullable List<KeyValuePair> pairs;
  private final Map<String, String> mdc;
  private final @Nullable IThrowableProxy throwable;

  private SanitizedEvent(ILoggingEvent original, LogText text) {
    this.original = original;
    message = text.sanitize(message(original), LogText.MAX_MESSAGE);
    thread = text.sanitize(original.getThreadName(), LogText.MAX_VALUE);
    pairs = pairs(original.getKeyValuePairs(), text);
    mdc = mdc(original.getMDCPropertyMap(), text);
    throwable = SanitizedThrowable.sanitize(original.getThrowableProxy(), text);
  }

  /** Returns the same instance if there is nothing to change. */
  @SuppressWarnings("ReferenceEquality") // each part is the same instance if it does not change
  static ILoggingEvent of(ILoggingEvent event, LogText text) {
    SanitizedEvent sanitized = new SanitizedEvent(event, text);
    boolean same =
        sanitized.message == message(event)
            && sanitized.thread == event.getThreadName()
            && sanitized.pairs == event.getKeyValuePairs()
            && sanitized.mdc == event.getMDCPropertyMap()
            && sanitized.throwable == event.getThrowableProxy();
    return same ? event : sanitized;
  }

  private static String message(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return message == null ? "null" : message;
  }

  private static @Nullable List<KeyValuePair> pairs(
      @Nullable List<KeyValuePair> pairs, LogText text) {
    if (pairs == null) {
      return null;
    }
    List<KeyValuePair> sanitized = new ArrayList<>(pairs.size());
    boolean changed = false;
    for (KeyValuePair pair : pairs) {
      KeyValuePair clean = pair(pair, text);
      changed |= !clean.equals(pair);
      sanitized.add(clean);
    }
    return changed ? sanitized : pairs;
  }

  private static KeyValuePair pair(KeyValuePair pair, LogText text) {
    String key = text.sanitize(String.valueOf(pair.key), LogText.MAX_VALUE);
    String value = String.valueOf(pair.value);
    String clean = text.sanitize(value, LogText.MAX_VALUE);
    // A number stays one: a layout may distinguish it from text.
    return new KeyValuePair(key, clean.equals(value) ? pair.value : clean);
  }

  private static Map<String, String> mdc(Map<String, String> mdc, LogText text) {
    if (mdc.isEmpty()) {
      return mdc;
    }
    Map<String, String> sanitized = new LinkedHashMap<>();
    mdc.forEach(
        (key, value) ->
            sanitized.put(
                text.sanitize(key, LogText.MAX_VALUE),
                text.sanitize(String.valueOf(value), LogText.MAX_VALUE)));
    return sanitized.equals(mdc) ? mdc : sanitized;
  }

  @Override
  public String getThreadName() {
    return thread;
  }

  @Override
  public Level getLevel() {
    return original.getLevel();
  }

  @Override
  public String getMessage() {
    return message;
  }

  @Override
  public Object @Nullable [] getArgumentArray() {
    return null;
  }

  @Override
  public String getFormattedMessage() {
    return message;
  }

  @Override
  public String getLoggerName() {
    return original.getLoggerName();
  }

  @Override
  public LoggerContextVO getLoggerContextVO() {
    return original.getLoggerContextVO();
  }

  @Override
  public @Nullable IThrowableProxy getThrowableProxy() {
    return throwable;
  }

  @Override
  public StackTraceElement[] getCallerData() {
    return original.getCallerData();
  }

  @Override
  public boolean hasCallerData() {
    return original.hasCallerData();
  }

  @Override
  public List<Marker> getMarkerList() {
    return original.getMarkerList();
  }

  @Override
  public Map<String, String> getMDCPropertyMap() {
    return mdc;
  }

  @Override
  @Deprecated
  public Map<String, String> getMdc() {
    return mdc;
  }

  @Override
  public long getTimeStamp() {
    return original.getTimeStamp();
  }

  @Override
  public int getNanoseconds() {
    return original.getNanoseconds();
  }

  @Override
  public Instant getInstant() {
    return original.getInstant();
  }

  @Override
  public long getSequenceNumber() {
    return original.getSequenceNumber();
  }

  @Override
  public @Nullable List<KeyValuePair> getKeyValuePairs() {
    return pairs;
  }

  @Override
  public void prepareForDeferredProcessing() {
    original.prepareForDeferredProcessing();
  }
}
