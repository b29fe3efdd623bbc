package dev.docket.manual;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.InvalidRequest;
import dev.docket.task.TaskKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects tasks that people do.
 *
 * @param holder the person who has claimed the tasks; null for open tasks, which nobody has claimed
 * @param key the only key; null for all
 * @param allowedKeys the keys for which the caller may work; null for all
 * @param owners whose tasks are selected
 * @param after the position after which the page starts; null for the first page
 * @param fresh whether the page includes the latest writes
 */
public record ManualQuery(
    @Nullable String holder,
    @Nullable TaskKey key,
    @Nullable Set<String> allowedKeys,
    OwnerFilter owners,
    int size,
    @Nullable ManualPosition after,
    boolean fresh) {

  public static final int DEFAULT_SIZE = 25;
  public static final int MAX_SIZE = 200;

  public ManualQuery {
    allowedKeys = allowedKeys == null ? null : Set.copyOf(allowedKeys);
  }

  /** Selects the open tasks that a caller sees and may claim. */
  public static ManualQuery open(Caller caller) {
    return of(null, caller);
  }

  /** Selects the tasks that a person has claimed and the caller sees. */
  public static ManualQuery heldBy(Person person, Caller caller) {
    return of(person.name(), caller);
  }

  private static ManualQuery of(@Nullable String holder, Caller caller) {
    return new ManualQuery(
        holder, null, caller.taskKeys(), caller.sees(), DEFAULT_SIZE, null, false);
  }

  /**
   * Selects a page as the parameters of a request say. Each of them may be null.
   *
   * @throws InvalidRequest if a parameter is invalid
   * @throws TaskKeyForbidden if the caller may not use the key
   */
  public ManualQuery with(
      Caller caller,
      @Nullable String keyText,
      @Nullable Integer pageSize,
      @Nullable String cursor,
      boolean includeLatest) {
    int newSize = pageSize == null ? size : pageSize;
    InvalidRequest.requireBetween("size", newSize, 1, MAX_SIZE);
    TaskKey newKey = keyText == null || keyText.isEmpty() ? null : key(keyText);
    if (newKey != null) {
      TaskKeyForbidden.check(caller, newKey.value());
    }
    ManualPosition position = cursor == null || cursor.isEmpty() ? null : ManualPosition.of(cursor);
    return new ManualQuery(holder, newKey, allowedKeys, owners, newSize, position, includeLatest);
  }

  private static TaskKey key(String text) {
    try {
      return TaskKey.fromString(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.field("key", String.valueOf(e.getMessage()));
    }
  }
}
