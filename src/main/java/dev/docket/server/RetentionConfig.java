package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.docket.maintenance.RetentionSweep;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long records are kept. Without a setting they are kept forever, except audit records. */
public final class RetentionConfig {

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.DAYS)
  private @Nullable Duration tasks;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.DAYS)
  private @Nullable Duration documents;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.DAYS)
  private @Nullable Duration earlierResults;

  @Setting
  @MinDuration(value = 1, unit = TimeUnit.DAYS)
  private @Nullable Duration logs;

  @Setting
  @NotNull
  @MinDuration(value = 1, unit = TimeUnit.DAYS)
  private Duration audit = Duration.days(365);

  /**
   * The retention of ended tasks, counted from their end, and of documents without tasks, counted
   * from their registration; empty if both are kept.
   */
  Optional<RetentionSweep.Ages> ages() {
    return tasks == null
        ? Optional.empty()
        : Optional.of(
            new RetentionSweep.Ages(
                tasks.toJavaDuration(), documents == null ? null : documents.toJavaDuration()));
  }

  /**
   * The retention of the results of runs other than the latest, counted from the creation of a
   * result; empty if they are kept.
   */
  Optional<java.time.Duration> earlierResults() {
    return Optional.ofNullable(earlierResults).map(Duration::toJavaDuration);
  }

  /**
   * The retention of the logs of ended runs, counted from when their lines were stored; null if
   * they are kept as long as their task.
   */
  java.time.@Nullable Duration logs() {
    return logs == null ? null : logs.toJavaDuration();
  }

  /** The retention of audit records, counted from their creation. */
  java.time.Duration audit() {
    return audit.toJavaDuration();
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
