package dev.docket.audit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An action that a caller is about to perform.
 *
 * @param action name of the action, such as {@code task.retry}
 * @param record the record that the action is about
 * @param before the state of the record, in JSON; null if it does not exist yet
 */
public record Intention(
    Actor actor,
    String action,
    AuditRecord.Subject record,
    @Nullable Map<String, @Nullable Object> before) {

  public Intention(
      Actor actor,
      String action,
      String recordKind,
      String recordId,
      @Nullable Map<String, @Nullable Object> before) {
    this(actor, action, new AuditRecord.Subject(recordKind, recordId), before);
  }
}
