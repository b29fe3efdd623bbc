package dev.docket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.drift.Drift;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DriftFiguresTest {

  private final Shop shop = new Shop();
  private Drift last = Drift.NONE;

  @BeforeEach
  void show() {
    shop.metrics.drift(() -> last);
  }

  @Test
  void theFiguresAreThoseOfTheLastLook() {
    last = Drifts.some();
    Scrape scrape = shop.scrape();
    assertThat(scrape.value("docket_drift_missing{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_drift_surplus{key=\"ASR\"}")).isEqualTo(1);
    assertThat(scrape.value("docket_broker_messages_ready{key=\"ASR\"}")).isEqualTo(5);
    assertThat(scrape.value("docket_broker_messages_unacknowledged{key=\"ASR\"}")).isEqualTo(2);
    assertThat(scrape.value("docket_broker_consumers{key=\"ASR\"}")).isEqualTo(3);
    assertThat(scrape.value("docket_census_up")).isEqualTo(1);
    assertThat(scrape.value("docket_drift_look_timestamp_seconds"))
        .isEqualTo(Drifts.AT.toEpochMilli() / 1000.0);
  }

  @Test
  void whatNobodyKnowsHasNoFigure() {
    assertThat(shop.scrape().value("docket_census_up")).isZero();
    assertThat(shop.scrape().names()).doesNotContain("docket_drift_look_timestamp_seconds");
    last = Drifts.of(List.of(Drifts.key("ASR", null, null, null)));
    assertThat(shop.scrape().names())
        .doesNotContain("docket_drift_missing", "docket_broker_messages_ready");
  }

  @Test
  void keysThatShareALabelAreAddedUp() {
    last = Drifts.many();
    assertThat(shop.scrape().value("docket_drift_missing{key=\"_other\"}")).isEqualTo(10);
  }
}
