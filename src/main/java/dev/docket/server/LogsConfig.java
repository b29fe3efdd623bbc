package dev.docket.server;

import dev.docket.joblog.LogLimits;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.validation.MaxDataSize;
import io.dropwizard.validation.MinDataSize;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** Limits of the logs of tasks. */
public final class LogsConfig {

  @Setting
  @NotNull
  @Min(100)
  @Max(100_000)
  private Integer maxLineLength = 8_192;

  @Setting
  @NotNull
  @Min(1)
  @Max(10_000)
  private Integer maxAppendLines = 1_000;

  @Setting
  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 8, unit = DataSizeUnit.MEBIBYTES)
  private DataSize maxAppend = DataSize.mebibytes(1);

  @Setting
  @NotNull
  @Min(1)
  @Max(1_000_000)
  private Integer maxRunLines = 100_000;

  @Setting
  @NotNull
  @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
  @MaxDataSize(value = 1, unit = DataSizeUnit.GIBIBYTES)
  private DataSize maxRun = DataSize.mebibytes(10);

  LogLimits limits() {
    return new LogLimits(
        maxLineLength, maxAppendLines, maxAppend.toBytes(), maxRunLines, maxRun.toBytes());
  }
}
