package dev.docket.audit;

import dev.docket.auth.Caller;
import dev.docket.http.RequestOrigin;
import org.jspecify.annotations.Nullable;

/**
 * The caller of an action, with the origin of its request.
 *
 * @param principal name of the principal; null if a request was not authenticated
 * @param group group of the principal; null if it has none
 */
public record Actor(@Nullable String principal, @Nullable String group, RequestOrigin origin) {

  public static Actor of(Caller caller, RequestOrigin origin) {
    return new Actor(caller.name(), caller.group(), origin);
  }
}
