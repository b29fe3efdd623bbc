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
 * How long records are kept. Without a setting they are kept forever.
 *
 * @param tasks retention of ended tasks, counted from their end
 * @param documents retention of documents without tasks, counted from their registration
 * @param earlierResults retention of the results of runs other than the latest, counted from the
 *     creation of a result
 */
public record RetentionConfig(
    @JsonProperty("tasks") @MinDuration(value = 1, unit = TimeUnit.DAYS) @Nullable Duration tasks,
    @JsonProperty("documents") @MinDuration(value = 1, unit = TimeUnit.DAYS)
        @Nullable Duration documents,
    @JsonProperty("earlierResults") @MinDuration(value = 1, unit = TimeUnit.DAYS)
        @Nullable Duration earlierResults) {

  static RetentionConfig unlimited() {
    return new RetentionConfig(null, null, null);
  }

  /** The retention periods of tasks and documents; empty if both are kept. */
  Optional<RetentionSweep.Ages> ages() {
    return tasks == null
        ? Optional.empty()
        : Optional.of(
            new RetentionSweep.Ages(
                tasks.toJavaDuration(), documents == null ? null : documents.toJavaDuration()));
  }

  /** Validates that documents expire only if tasks do. */
  @JsonIgnore
  @ValidationMethod(
      message =
          "retention.documents requires retention.tasks, because a document with tasks is kept")
  public boolean isDocumentsUsable() {
    return documents == null || tasks != null;
  }
}
