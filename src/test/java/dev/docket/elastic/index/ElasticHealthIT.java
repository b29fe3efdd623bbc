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
  void isHealthyAfterInstallation() {
    try (ElasticFixture fixture = ElasticFixture.open(backends, "well")) {
      assertThat(fixture.backend().healthError()).isEmpty();
    }
  }

  @Test
  void namesMissingAlias() {
    IndexSettings missing = new IndexSettings(backends.prefix() + "-missing-", 1, 1, 0);
    try (ElasticBackend elastic =
        new ElasticBackend(ElasticSettings.of(backends.elasticsearch().address()), missing)) {
      assertThat(elastic.healthError().orElseThrow())
          .contains("alias " + missing.prefix() + "tasks is missing")
          .contains(missing.prefix() + "documents");
    }
  }

  @Test
  void namesAliasOnTwoIndices() {
    try (ElasticFixture fixture = ElasticFixture.open(backends, "two")) {
      String alias = fixture.indices().prefix() + "tasks";
      var body = RecordJson.mapper().createObjectNode();
      body.putObject("aliases").putObject(alias);
      assertThat(fixture.http().call("PUT", "/" + alias + "-v2", body).ok()).isTrue();
      assertThat(fixture.backend().healthError().orElseThrow())
          .contains("alias " + alias + " must be on exactly one index (is on [");
    }
  }

  @Test
  void isUnhealthyIfShardIsUnassigned() {
    try (ElasticFixture fixture = ElasticFixture.open(backends, "red")) {
      // No node matches this allocation rule.
      String alias = fixture.indices().prefix() + "tasks";
      var set = RecordJson.mapper().createObjectNode();
      set.put("index.routing.allocation.require._name", "nobody");
      String index = alias + "-v2";
      assertThat(fixture.http().call("DELETE", "/" + alias + "-v1", null).ok()).isTrue();
      var body = RecordJson.mapper().createObjectNode();
      body.putObject("aliases").putObject(alias);
      body.set("settings", set);
      fixture.http().call("PUT", "/" + index + "?timeout=1s&wait_for_active_shards=0", body);
      assertThat(fixture.backend().healthError().orElseThrow()).contains("red").contains(index);
    }
  }

  @Test
  void isUnhealthyAndRejectsInstallationWithoutElasticsearch() {
    ElasticSettings unreachable = ElasticSettings.of(URI.create("http://127.0.0.1:1"));
    try (ElasticBackend elastic =
        new ElasticBackend(unreachable, new IndexSettings("docket-", 1, 1, 0))) {
      assertThat(elastic.healthError()).isPresent();
      assertThatThrownBy(() -> elastic.install(Duration.ofMillis(300)))
          .isInstanceOf(StoreUnavailable.class);
    }
  }
}
