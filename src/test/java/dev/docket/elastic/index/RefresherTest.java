package dev.docket.elastic.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Call;
import dev.docket.elastic.FakeElasticsearch.CannedResponse;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.store.StoreUnavailable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RefresherTest {

  private static final CannedResponse DONE =
      new CannedResponse(200, "{\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}}");

  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(call -> DONE);
  private final ElasticClients clients = elasticsearch.clients();
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final Refresher refresher =
      new Refresher(new ElasticHttp(clients.rest()), new Alias("docket-tasks"), executor);

  @AfterEach
  void close() {
    clients.close();
    executor.shutdownNow();
    elasticsearch.close();
  }

  private CompletableFuture<Void> refreshed() {
    return refresher.refreshed().toCompletableFuture();
  }

  @Test
  void refreshesAlias() {
    refresher.refresh();
    assertThat(elasticsearch.calls())
        .extracting(Call::path)
        .containsExactly("/docket-tasks/_refresh");
  }

  @Test
  void failsRefreshesAfterShutdown() {
    executor.shutdown();
    assertThatThrownBy(refresher::refresh)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(refresher::refresh).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void failsRefreshesInFlightAtShutdown() {
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return DONE;
        });
    CompletableFuture<Void> inFlight = refreshed();
    Awaitility.await().until(() -> !elasticsearch.calls().isEmpty());
    CompletableFuture<Void> waiting = refreshed();
    executor.shutdown();
    release.countDown();
    assertThatThrownBy(inFlight::join).hasCauseInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void callersDuringRefreshShareTheNextOne() {
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return DONE;
        });
    CompletableFuture<Void> first = refreshed();
    Awaitility.await().until(() -> elasticsearch.calls().size() == 1);
    List<CompletableFuture<Void>> later =
        IntStream.range(0, 100).mapToObj(i -> refreshed()).toList();
    release.countDown();
    first.join();
    later.forEach(CompletableFuture::join);
    assertThat(elasticsearch.calls()).hasSize(2);
  }

  @Test
  void refreshesAgainAfterFailure() {
    elasticsearch.respondWith(call -> CannedResponse.NONE);
    assertThatThrownBy(refresher::refresh).isInstanceOf(StoreUnavailable.class);
    elasticsearch.respondWith(call -> CannedResponse.error(503, "x"));
    assertThatThrownBy(refresher::refresh).isInstanceOf(StoreUnavailable.class);
    elasticsearch.respondWith(call -> new CannedResponse(200, "{\"_shards\":{\"failed\":1}}"));
    assertThatThrownBy(refresher::refresh).isInstanceOf(StoreUnavailable.class);
    elasticsearch.respondWith(call -> DONE);
    refresher.refresh();
    assertThat(elasticsearch.calls()).hasSize(4);
  }
}
