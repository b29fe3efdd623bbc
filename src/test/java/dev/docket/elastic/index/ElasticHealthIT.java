package dev.docket.elastic.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.ElasticFixture;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.record.RecordJson;
import dev.docket.store.StoreUnavailable;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ElasticHealthIT {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

  @Test
  void allIsWellOnceTheIndicesAreThere() {
    try (ElasticFixture elastic = ElasticFixture.open(backends, "well")) {
      assertThat(elastic.elastic().healthError()).isEmpty();
    }
  }

  @Test
  void aMissingAliasIsNamed() {
    IndexSettings nowhere = new IndexSettings(backends.prefix() + "-nowhere-", 1, 1, 0);
    try (ElasticBackend elastic =
        new ElasticBackend(ElasticSettings.of(backends.elasticsearch().address()), nowhere)) {
      assertThat(elastic.healthError().orElseThrow())
          .contains("alias " + nowhere.prefix() + "tasks is missing")
          .contains(nowhere.prefix() + "documents");
    }
  }

  @Test
  void anAliasOnTwoIndicesIsNamed() {
    try (ElasticFixture elastic = ElasticFixture.open(backends, "two")) {
      String alias = elastic.indices().prefix() + "tasks";
      var body = RecordJson.mapper().createObjectNode();
      body.putObject("aliases").putObject(alias);
      assertThat(elastic.http().call("PUT", "/" + alias + "-v2", body).ok()).isTrue();
      assertThat(elastic.elastic().healthError().orElseThrow())
          .contains("alias " + alias + " is on");
    }
  }

  @Test
  void aShardThatNoNodeHoldsIsTrouble() {
    try (ElasticFixture elastic = ElasticFixture.open(backends, "red")) {
      // A shard that no node may hold.
      String alias = elastic.indices().prefix() + "tasks";
      var set = RecordJson.mapper().createObjectNode();
      set.put("index.routing.allocation.require._name", "nobody");
      String index = alias + "-v2";
      assertThat(elastic.http().call("DELETE", "/" + alias + "-v1", null).ok()).isTrue();
      var body = RecordJson.mapper().createObjectNode();
      body.putObject("aliases").putObject(alias);
      body.set("settings", set);
      elastic.http().call("PUT", "/" + index + "?timeout=1s&wait_for_active_shards=0", body);
      assertThat(elastic.elastic().healthError().orElseThrow()).contains("red").contains(index);
    }
  }

  @Test
  void withoutElasticsearchThereIsTroubleAndNoInstallation() {
    ElasticSettings nobody = ElasticSettings.of(URI.create("http://127.0.0.1:1"));
    try (ElasticBackend elastic =
        new ElasticBackend(nobody, new IndexSettings("docket-", 1, 1, 0))) {
      assertThat(elastic.healthError()).isPresent();
      assertThatThrownBy(() -> elastic.install(Duration.ofMillis(300)))
          .isInstanceOf(StoreUnavailable.class);
    }
  }
}
