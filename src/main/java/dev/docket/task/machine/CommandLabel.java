package dev.docket.task.machine;

import java.util.Locale;
import java.util.Map;

/**
 * The labels of commands. Histories contain them, so a command that gets another name in the code
 * keeps its label.
 */
final class CommandLabel extends ClassValue<String> {

  private static final CommandLabel LABELS = new CommandLabel();

  /** The labels that differ from the name of the command in the code. */
  private static final Map<Class<? extends Command>, String> OTHER_LABELS =
      Map.of(
          Command.RetryNow.class, "retry",
          Command.ForceRetry.class, "forceretry",
          Command.MassReset.class, "reset");

  private CommandLabel() {}

  static String of(Class<?> command) {
    return LABELS.get(command);
  }

  @Override
  protected String computeValue(Class<?> type) {
    String other = OTHER_LABELS.get(type);
    return other == null
        ? type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT)
        : other;
  }
}
