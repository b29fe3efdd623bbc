package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.docket.maintenance.RetentionSweep;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long what is done with is kept; what is left out is kept for ever.
 *
 * @param tasks finished ones, from their end
 * @param documents those without tasks, from their registration
 */
public record RetentionConfig(
    @JsonProperty("tasks") @MinDuration(value = 1, unit = TimeUnit.DAYS) @Nullable Duration tasks,
    @JsonProperty("documents") @MinDuration(value = 1, unit = TimeUnit.DAYS)
        @Nullable Duration documents) {

  static RetentionConfig forEver() {
    return new RetentionConfig(null, null);
  }

  /** Empty where everything is kept. */
  Optional<RetentionSweep.Ages> ages() {
    return tasks == null
        ? Optional.empty()
        : Optional.of(
            new RetentionSweep.Ages(
                tasks.toJavaDuration(), documents == null ? null : documents.toJavaDuration()));
  }

  /** For the validation: documents go only after their tasks. */
  @JsonIgnore
  @ValidationMethod(
      message = "retention.documents: needs retention.tasks, as a document that has tasks is kept")
  public boolean isInOrder() {
    return documents == null || tasks != null;
  }
}
