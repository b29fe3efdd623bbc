package dev.docket.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.docket.store.ImmutableJson;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller did, or tried to do. Its JSON form is that of the store and of the HTTP API.
 *
 * @param createdAt the time before the action; of several rejections, the first
 * @param principal name of the principal; null if the request was not authenticated
 * @param group group of the principal; null if it has none
 * @param action what was requested, such as {@code task.retry}
 * @param record the record that the action is about
 * @param before the state of the record before the action; null if it did not exist
 * @param after the state of the record after the action; null if it is unknown or does not exist
 * @param detail why the action was refused, or why its outcome is unknown
 * @param address address of the client
 * @param requestId id of the request, as in the logs
 * @param count the number of rejections that the record stands for; null for actions
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditRecord(
    String id,
    Instant createdAt,
    @Nullable String principal,
    @Nullable String group,
    String action,
    Subject record,
    @Nullable Map<String, @Nullable Object> before,
    @Nullable Map<String, @Nullable Object> after,
    Outcome outcome,
    @Nullable String detail,
    @Nullable String address,
    @Nullable String requestId,
    @Nullable Long count) {

  public AuditRecord {
    before = before == null ? null : ImmutableJson.map(before);
    after = after == null ? null : ImmutableJson.map(after);
  }

  /** The record that an action is about, such as {@code task} and its id. */
  public record Subject(String kind, String id) {}

  /** What became of an action. */
  public enum Outcome {
    /** The action was performed. */
    DONE("done"),

    /** There was nothing to do. */
    UNCHANGED("unchanged"),

    /** The action was not allowed. */
    REFUSED("refused"),

    /** The server does not know, because it or the store stopped in between. */
    UNKNOWN("unknown");

    private final String wire;

    Outcome(String wire) {
      this.wire = wire;
    }

    /** The name in JSON and in logs. */
    @JsonValue
    String wire() {
      return wire;
    }
  }

  /** The record of an action that is about to be performed. */
  static AuditRecord of(Intention intention, String id, Instant now) {
    Actor actor = intention.actor();
    return new AuditRecord(
        id,
        now,
        actor.principal(),
        actor.group(),
        intention.action(),
        intention.record(),
        intention.before(),
        null,
        Outcome.UNKNOWN,
        null,
        actor.origin().address(),
        actor.origin().requestId(),
        null);
  }

  /** A copy with the end of the action. */
  AuditRecord with(ActionResult result) {
    return new AuditRecord(
        id,
        createdAt,
        principal,
        group,
        action,
        record,
        before,
        result.after(),
        result.outcome(),
        result.detail(),
        address,
        requestId,
        count);
  }

  /** A copy for several rejections. */
  AuditRecord counting(long rejections) {
    return new AuditRecord(
        id,
        createdAt,
        principal,
        group,
        action,
        record,
        before,
        after,
        outcome,
        detail,
        address,
        requestId,
        rejections);
  }
}
