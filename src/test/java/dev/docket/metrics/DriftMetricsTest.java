package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.drift.Drift;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DriftMetricsTest {

  private final MetricsFixture fixture = new MetricsFixture();
  private Drift latest = Drift.NONE;

  @BeforeEach
  void registerMetrics() {
    fixture.metrics.drift(() -> latest);
  }

  @Test
  void reportsLatestCensus() {
    latest = DriftSamples.withOneKey();
    PrometheusScrape scrape = fixture.scrape();
    assertThat(scrape.value("docket_drift_missing{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_drift_surplus{key=\"ASR\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_broker_messages_ready{key=\"ASR\"}")).isEqualTo(5);
    assertThat(scrape.value("docket_broker_messages_unacknowledged{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_broker_consumers{key=\"ASR\"}")).isEqualTo(3);
    assertThat(scrape.value("docket_census_up")).isEqualTo(1);
    assertThat(scrape.value("docket_drift_look_timestamp_seconds"))
        .isEqualTo(DriftSamples.AT.toEpochMilli() / 1000.0);
  }

  @Test
  void unknownValuesHaveNoSample() {
    assertThat(fixture.scrape().value("docket_census_up")).isZero();
    assertThat(fixture.scrape().names()).doesNotContain("docket_drift_look_timestamp_seconds");
    latest = DriftSamples.of(List.of(DriftSamples.key("ASR", null, null, null)));
    assertThat(fixture.scrape().names())
        .doesNotContain("docket_drift_missing", "docket_broker_messages_ready");
  }

  @Test
  void sumsKeysThatShareLabel() {
    latest = DriftSamples.withManyKeys();
    assertThat(fixture.scrape().value("docket_drift_missing{key=\"_other\"}")).isEqualTo(10);
  }
}
