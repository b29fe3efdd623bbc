package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whether the tasks of a service are handed out. */
public enum HealthState {
  AVAILABLE,
  /** The service has stopped on purpose, and can be woken. */
  SLEEPING,
  /** The service does not respond. */
  UNAVAILABLE,
  /** An administrator has switched the service off. Only an administrator ends this state. */
  DISABLED;

  /** The name in JSON. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
