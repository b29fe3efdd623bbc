package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MinDataSize;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** Limits of results. */
public final class ResultsConfig {

  @JsonProperty("keptRuns")
  @Min(1)
  @Max(100)
  private int keptRuns = 10;

  @JsonProperty("maxPayload")
  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.MEBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.GIBIBYTES)
  private DataSize maxPayload = DataSize.mebibytes(16);

  /** The number of successful runs whose results a task keeps. */
  public int keptRuns() {
    return keptRuns;
  }

  /** The maximum size of a result's payload as JSON in UTF-8, in bytes. */
  public long maxPayload() {
    return maxPayload.toBytes();
  }
}
