package dev.docket.console;

import dev.docket.explain.ExplanationText;
import dev.docket.logging.LogText;
import dev.docket.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats the values of the page. The template escapes what is special in HTML. */
public final class PageText {

  /** Maximum length of a text from outside, in code points. */
  static final int MAX_LENGTH = 300;

  private PageText() {}

  /**
   * Returns the beginning of a text from outside. Control characters, and those that change the
   * direction of text, are escaped visibly.
   */
  public static String line(@Nullable String text) {
    String whole = text == null ? "" : text;
    if (whole.length() <= MAX_LENGTH || whole.codePointCount(0, whole.length()) <= MAX_LENGTH) {
      return LogText.line(whole);
    }
    return LogText.line(whole.substring(0, whole.offsetByCodePoints(0, MAX_LENGTH))) + "…";
  }

  /** Returns a time to the second. */
  public static String time(Instant time) {
    return ExplanationText.at(time);
  }

  /** Returns the number, or a dash if it is unknown. */
  public static String known(@Nullable Number number) {
    return number == null ? "–" : number.toString();
  }

  /** Returns a duration such as {@code 6 minutes}. */
  public static String between(Instant start, Instant end) {
    return ExplanationText.rounded(Duration.between(start, end));
  }

  /** Returns number and name, such as {@code 202 QUEUED}. */
  public static String state(TaskState state) {
    return ExplanationText.state(state);
  }

  /** Returns a number with its noun. */
  public static String count(long number, String singular, String plural) {
    return ExplanationText.count(number, singular, plural);
  }

  /** Returns the parameters of a search for these states. */
  public static String states(Collection<TaskState> states) {
    return states.stream().map(state -> "state=" + state.number()).collect(Collectors.joining("&"));
  }

  /** Returns a text as a sentence: with a capital letter and a full stop. */
  public static String sentence(String text) {
    String line = line(text);
    if (line.isEmpty()) {
      return line;
    }
    int first = line.offsetByCodePoints(0, 1);
    String start = line.substring(0, first).toUpperCase(Locale.ROOT) + line.substring(first);
    return start.matches("(?s).*[.!?…]") ? start : start + ".";
  }

  /** Returns alternatives, such as {@code archivist, analyst or admin}. */
  public static String choice(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
