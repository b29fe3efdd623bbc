package dev.docket.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exception of a log line, with sanitized messages and a bounded number of causes and stack
 * frames.
 */
final class SanitizedThrowable implements IThrowableProxy {

  /** Maximum length of the message of an exception, in characters. */
  static final int MAX_MESSAGE = 4 * 1024;

  /** Maximum number of exceptions in a log line: the exception, its causes and the suppressed. */
  static final int MAX_THROWABLES = 32;

  /** Maximum number of stack frames of all these. */
  static final int MAX_FRAMES = 1000;

  private final IThrowableProxy original;
  private final @Nullable String message;
  private final @Nullable String overridingMessage;
  private final StackTraceElementProxy[] frames;
  private final @Nullable IThrowableProxy cause;
  private final IThrowableProxy[] suppressed;

  private SanitizedThrowable(IThrowableProxy original, LogText text, Budget budget) {
    this.original = original;
    int shown = Math.min(Budget.frames(original), budget.frames);
    budget.frames -= shown;
    int omittedFrames = Budget.frames(original) - shown;
    // The frames that an enclosing exception shows too are at the end, and are not printed.
    StackTraceElementProxy[] trace = original.getStackTraceElementProxyArray();
    frames = omittedFrames == 0 ? trace : Arrays.copyOf(trace, shown + original.getCommonFrames());
    cause = of(original.getCause(), text, budget);
    suppressed = suppressed(original, text, budget);
    boolean all =
        (cause != null || original.getCause() == null)
            && suppressed.length == original.getSuppressed().length;
    String notice =
        (omittedFrames == 0 ? "" : " (" + omittedFrames + " stack frames omitted)")
            + (all ? "" : " (further exceptions omitted)");
    message = sanitize(original.getMessage(), text, notice);
    String overriding = original.getOverridingMessage();
    overridingMessage = overriding == null ? null : sanitize(overriding, text, notice);
  }

  private static IThrowableProxy[] suppressed(
      IThrowableProxy original, LogText text, Budget budget) {
    List<IThrowableProxy> sanitized = new ArrayList<>();
    for (IThrowableProxy each : original.getSuppressed()) {
      IThrowableProxy other = of(each, text, budget);
      if (other != null) {
        sanitized.add(other);
      }
    }
    return sanitized.toArray(IThrowableProxy[]::new);
  }

  /** Returns the same instance if there is nothing to change. */
  static @Nullable IThrowableProxy sanitize(@Nullable IThrowableProxy throwable, LogText text) {
    if (throwable == null || isClean(throwable, text, new Budget())) {
      return throwable;
    }
    return of(throwable, text, new Budget());
  }

  private static @Nullable IThrowableProxy of(
      @Nullable IThrowableProxy throwable, LogText text, Budget budget) {
    if (throwable == null || budget.throwables == 0) {
      return null;
    }
    budget.throwables--;
    return new SanitizedThrowable(throwable, text, budget);
  }

  private static boolean isClean(IThrowableProxy throwable, LogText text, Budget budget) {
    budget.throwables--;
    budget.frames -= Budget.frames(throwable);
    if (budget.throwables < 0
        || budget.frames < 0
        || !isClean(throwable.getMessage(), text)
        || !isClean(throwable.getOverridingMessage(), text)) {
      return false;
    }
    for (IThrowableProxy suppressed : throwable.getSuppressed()) {
      if (!isClean(suppressed, text, budget)) {
        return false;
      }
    }
    IThrowableProxy cause = throwable.getCause();
    return cause == null || isClean(cause, text, budget);
  }

  @SuppressWarnings("ReferenceEquality") // sanitize returns the same instance for clean text
  private static boolean isClean(@Nullable String message, LogText text) {
    return message == null || text.sanitize(message, MAX_MESSAGE) == message;
  }

  private static @Nullable String sanitize(@Nullable String message, LogText text, String notice) {
    if (message == null) {
      return notice.isEmpty() ? null : notice.strip();
    }
    return text.sanitize(message, MAX_MESSAGE) + notice;
  }

  @Override
  public @Nullable String getMessage() {
    return message;
  }

  @Override
  public @Nullable String getOverridingMessage() {
    return overridingMessage;
  }

  @Override
  public String getClassName() {
    return original.getClassName();
  }

  @Override
  public StackTraceElementProxy[] getStackTraceElementProxyArray() {
    return frames;
  }

  @Override
  public int getCommonFrames() {
    return original.getCommonFrames();
  }

  @Override
  public @Nullable IThrowableProxy getCause() {
    return cause;
  }

  @Override
  public IThrowableProxy[] getSuppressed() {
    return suppressed;
  }

  @Override
  public boolean isCyclic() {
    return original.isCyclic();
  }

  /** What a log line may still show. */
  private static final class Budget {
    private int throwables = MAX_THROWABLES;
    private int frames = MAX_FRAMES;

    private static int frames(IThrowableProxy throwable) {
      return throwable.getStackTraceElementProxyArray().length - throwable.getCommonFrames();
    }
  }
}
