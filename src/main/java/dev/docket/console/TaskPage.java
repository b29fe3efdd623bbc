package dev.docket.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.docket.task.Lease;
import dev.docket.task.Task;
import dev.docket.task.TaskState;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The page with a task for people.
 *
 * @param metadata that of the document; empty if it has none, or the person does not see it
 * @param outputs the form for the outputs, as the person has filled it in
 * @param problem why the person's last action failed; null if it did not
 * @param reason the reason that the person has entered for giving the task back or ending it
 * @param root the relative address of the start page
 */
public record TaskPage(
    Task task,
    Map<String, @Nullable Object> metadata,
    PageReader reader,
    OutputForm outputs,
    @Nullable String problem,
    String reason,
    String root,
    Instant at) {

  private static final int MAX_ARGUMENT_LENGTH = 20_000;
  private static final Set<String> WEB = Set.of("http", "https");

  /** What the person can do with the task. */
  public enum Mode {
    /** Claim it. */
    OPEN,
    /** Complete it, give it back or end it. */
    MINE,
    /** Nothing: another person has claimed it. */
    CLAIMED,
    /** Nothing: it has ended. */
    ENDED,
    /** Nothing yet: it waits for other tasks. */
    WAITING,
    /** Nothing yet: the limits of its key do not permit it. */
    LIMITED,
    /** Nothing: a program does it. */
    PROGRAM
  }

  /** An argument of the task, or a part of the metadata, as text. */
  public record Argument(String name, String text, boolean truncated) {}

  public Mode mode() {
    if (task.state().isFinished()) {
      return Mode.ENDED;
    }
    if (!task.run().isManual()) {
      return Mode.PROGRAM;
    }
    if (task.state().isClaimable()) {
      return task.run().limitedSince() == null ? Mode.OPEN : Mode.LIMITED;
    }
    if (task.state() == TaskState.UNFINISHED_DEPENDENCY) {
      return Mode.WAITING;
    }
    return reader.person() != null && reader.person().holds(task) ? Mode.MINE : Mode.CLAIMED;
  }

  /** Whether the page shows what the person has entered, although it can no longer be sent. */
  public boolean showsUnsent() {
    return problem != null && mode() != Mode.MINE && outputs.hasText();
  }

  /** The name of the work. */
  public String title() {
    String title = outputs.form().title();
    return title == null || title.isBlank() ? task.key().value() : title;
  }

  /** The name of the person who has claimed the task; empty if nobody has. */
  public String holder() {
    Lease lease = task.run().lease();
    return lease == null ? "" : lease.worker();
  }

  /** The address of a page about the task. */
  public String address(String below) {
    return root + "manual/task/" + task.id().value() + below;
  }

  /** The address of the target if a browser can open it; empty if not. */
  public String link() {
    String url = task.spec().document().target().url();
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      boolean web =
          scheme != null && WEB.contains(scheme.toLowerCase(Locale.ROOT)) && uri.getHost() != null;
      return web ? url : "";
    } catch (URISyntaxException invalid) {
      return "";
    }
  }

  /** The arguments of the task. */
  public List<Argument> arguments() {
    return texts(task.spec().args());
  }

  /** The metadata of the document. */
  public List<Argument> details() {
    return texts(metadata);
  }

  private static List<Argument> texts(Map<String, @Nullable Object> values) {
    List<Argument> arguments = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> argument : values.entrySet()) {
      String text = text(argument.getValue());
      boolean truncated = text.length() > MAX_ARGUMENT_LENGTH;
      arguments.add(
          new Argument(
              argument.getKey(),
              truncated
                  ? text.substring(0, text.offsetByCodePoints(0, MAX_ARGUMENT_LENGTH / 2))
                  : text,
              truncated));
    }
    return arguments;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    try {
      return OutputForm.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("arguments are JSON", e);
    }
  }
}
