package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a service can work. While it cannot, its tasks wait.
 *
 * @param reason a sentence for people; null if nobody gave one
 * @param since when the state was set; null if it was never set
 * @param by name of the caller who set it; null if it was never set
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Health(
    HealthState state, @Nullable String reason, @Nullable Instant since, @Nullable String by) {

  /** The health of a service that never reported another one. */
  public static final Health AVAILABLE = new Health(HealthState.AVAILABLE, null, null, null);

  /** Whether tasks of the service are handed out. */
  @JsonIgnore
  public boolean isAvailable() {
    return state == HealthState.AVAILABLE;
  }
}
