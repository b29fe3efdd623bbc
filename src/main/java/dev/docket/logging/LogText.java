package dev.docket.logging;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes text from outside fit for the log. Control characters are escaped visibly, for example as
 * {@code \n} and {@code \u001b}; long texts are truncated; secrets are redacted. Text in any script
 * stays as it is. Thread-safe.
 */
public final class LogText {

  /** Maximum length of the message of a log line, in characters. */
  static final int MAX_MESSAGE = 8 * 1024;

  /** Maximum length of other texts of a log line, in characters. */
  static final int MAX_VALUE = 1024;

  /** A secret of at most this length is redacted even if it continues after the maximum. */
  private static final int MAX_SECRET = 4 * 1024;

  private static final LogText WITHOUT_CONFIGURATION = new LogText(List.of());

  private final SecretRedactor redactor;
  private final TextScan scan;

  /** Redacts these secrets, and what looks like a secret. */
  LogText(Collection<String> secrets) {
    redactor = new SecretRedactor(secrets);
    scan = new TextScan(redactor.keywords());
  }

  /**
   * Makes a text fit for one line of a command's output. Redacts what looks like a secret, but not
   * the secrets of the configuration, which may not be readable.
   */
  public static String line(@Nullable String text) {
    return WITHOUT_CONFIGURATION.sanitize(String.valueOf(text), MAX_MESSAGE);
  }

  /** Returns the same instance if there is nothing to change. */
  String sanitize(String text, int maxLength) {
    boolean isShort = text.length() <= maxLength;
    String considered =
        isShort ? text : text.substring(0, Math.min(text.length(), maxLength + MAX_SECRET));
    int found = scan.scan(considered);
    if (isShort && found == TextScan.NOTHING) {
      return text;
    }
    String redacted = (found & TextScan.KEYWORD) == 0 ? considered : redactor.redact(considered);
    return escape(redacted, text.length() - considered.length(), maxLength);
  }

  private static String escape(String text, int omitted, int maxLength) {
    StringBuilder escaped = new StringBuilder(Math.min(text.length(), maxLength) + 64);
    int i = 0;
    while (i < text.length()) {
      int start = escaped.length();
      int end = i + Character.charCount(text.codePointAt(i));
      char c = text.charAt(i);
      if (TextScan.isControl(c)) {
        escaped.append(escape(c));
      } else {
        escaped.append(text, i, end);
      }
      if (escaped.length() > maxLength) {
        escaped.setLength(start);
        break;
      }
      i = end;
    }
    int remaining = text.length() - i + omitted;
    if (remaining > 0) {
      escaped.append("… (").append(remaining).append(" characters omitted)");
    }
    return escaped.toString();
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u" + HexFormat.of().toHexDigits(c);
    };
  }
}
