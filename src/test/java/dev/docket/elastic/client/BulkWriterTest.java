package dev.docket.elastic.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Call;
import dev.docket.elastic.FakeElasticsearch.CannedResponse;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BulkWriterTest {

  private static final Alias ALIAS = new Alias("docket-tasks");
  private static final Duration SHORT_BACKOFF = Duration.ofMillis(1);

  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(CannedResponse::stored);
  private final ElasticClients clients = elasticsearch.clients();
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final List<Ended> endedRequests = new CopyOnWriteArrayList<>();
  private BulkListener listener =
      (items, bytes, nanos, outcome) -> endedRequests.add(new Ended(items, bytes, outcome));
  private BulkWriter writer = writer(new BatchLimits(1_000, 1 << 20, 1, 10_000, 1 << 20));

  /** The arguments of a call of the listener. */
  private record Ended(int items, long bytes, BulkListener.Outcome outcome) {}

  private BulkWriter writer(BatchLimits limits) {
    return new BulkWriter(
        new ElasticHttp(clients.rest()), limits, SHORT_BACKOFF, executor, listener);
  }

  @AfterEach
  void close() {
    writer.close();
    clients.close();
    executor.shutdownNow();
    elasticsearch.close();
  }

  private static BulkItem item(String id) {
    return BulkItem.create(ALIAS, id, "{\"a\":1}".getBytes(UTF_8));
  }

  private CompletableFuture<WriteOutcome> write(String id) {
    return writer.write(item(id)).toCompletableFuture();
  }

  private static WriteOutcome.Stored stored(long sequence) {
    return new WriteOutcome.Stored(new Version(sequence, 1));
  }

  /** Sends writes that share one request, to which the responder responds. */
  private List<CompletableFuture<WriteOutcome>> writeBatch(
      int count, FakeElasticsearch.Responder responder) {
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          if (call.ids().equals(List.of("first"))) {
            release.await();
            return CannedResponse.stored(call);
          }
          return responder.respond(call);
        });
    CompletableFuture<WriteOutcome> first = write("first");
    List<CompletableFuture<WriteOutcome>> batch =
        IntStream.range(0, count).mapToObj(i -> write("id-" + i)).toList();
    release.countDown();
    assertThat(first.join()).isEqualTo(stored(0));
    return batch;
  }

  private List<List<String>> requests() {
    return elasticsearch.calls().stream().map(Call::ids).skip(1).toList();
  }

  @Test
  void sendsSingleWriteImmediately() {
    assertThat(write("a").join()).isEqualTo(stored(0));
    Call call = elasticsearch.calls().get(0);
    assertThat(call.method() + " " + call.path()).isEqualTo("POST /_bulk");
    assertThat(call.query()).contains("require_alias=true").contains("filter_path=items");
    assertThat(call.body())
        .isEqualTo("{\"create\":{\"_index\":\"docket-tasks\",\"_id\":\"a\"}}\n{\"a\":1}\n");
  }

  @Test
  void sendsEveryKindOfWrite() {
    byte[] source = "{}".getBytes(UTF_8);
    Version seen = new Version(7, 2);
    List<BulkItem> items =
        List.of(
            BulkItem.replace(ALIAS, "a", source, seen),
            BulkItem.put(ALIAS, "b", source),
            BulkItem.remove(ALIAS, "c", seen),
            BulkItem.remove(ALIAS, "d"));
    items.forEach(item -> writer.write(item).toCompletableFuture().join());
    assertThat(elasticsearch.calls())
        .extracting(Call::body)
        .containsExactly(
            "{\"index\":{\"_index\":\"docket-tasks\",\"_id\":\"a\",\"if_seq_no\":7,"
                + "\"if_primary_term\":2}}\n{}\n",
            "{\"index\":{\"_index\":\"docket-tasks\",\"_id\":\"b\"}}\n{}\n",
            "{\"delete\":{\"_index\":\"docket-tasks\",\"_id\":\"c\",\"if_seq_no\":7,"
                + "\"if_primary_term\":2}}\n",
            "{\"delete\":{\"_index\":\"docket-tasks\",\"_id\":\"d\"}}\n");
  }

  @Test
  void combinesWritesThatArriveDuringRequest() {
    List<CompletableFuture<WriteOutcome>> all = writeBatch(100, CannedResponse::stored);
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).join()).isEqualTo(stored(i));
    }
    assertThat(requests()).singleElement().asInstanceOf(LIST).hasSize(100).startsWith("id-0");
    await()
        .untilAsserted(
            () -> assertThat(writer.statistics()).isEqualTo(new WriteStatistics(2, 101, 0, 0)));
  }

  @Test
  void limitsSizeOfBatches() {
    writer = writer(new BatchLimits(10, 1 << 20, 1, 10_000, 1 << 20));
    writeBatch(25, CannedResponse::stored).forEach(CompletableFuture::join);
    assertThat(requests()).extracting(List::size).containsExactly(10, 10, 5);
  }

  @Test
  void sendsOversizedRecordAlone() {
    writer = writer(new BatchLimits(10, 2L * item("id-0").size(), 1, 10_000, 1 << 20));
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return CannedResponse.stored(call);
        });
    byte[] large = ("{\"a\":\"" + "x".repeat(500) + "\"}").getBytes(UTF_8);
    List<CompletableFuture<WriteOutcome>> all =
        List.of(
            write("first"),
            write("id-1"),
            writer.write(BulkItem.create(ALIAS, "large", large)).toCompletableFuture(),
            write("id-2"),
            write("id-3"));
    release.countDown();
    all.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(requests())
        .containsExactly(List.of("id-1"), List.of("large"), List.of("id-2", "id-3"));
  }

  @Test
  void limitsConcurrentRequests() {
    writer = writer(new BatchLimits(10, 1 << 20, 3, 10_000, 1 << 20));
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return CannedResponse.stored(call);
        });
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 8).mapToObj(i -> write("id-" + i)).toList();
    await().untilAsserted(() -> assertThat(elasticsearch.calls()).hasSize(3));
    release.countDown();
    all.forEach(CompletableFuture::join);
    assertThat(elasticsearch.calls()).hasSize(4);
  }

  @Test
  void combinesWritesThatFollowOutcomesOfBatch() {
    List<CompletableFuture<WriteOutcome>> followUps =
        writeBatch(50, CannedResponse::stored).stream()
            .map(outcome -> outcome.thenCompose(stored -> write("follow-up")))
            .toList();
    followUps.forEach(CompletableFuture::join);
    assertThat(requests()).extracting(List::size).containsExactly(50, 50);
  }

  @Test
  void completesEachWriteWithItsOwnOutcome() {
    List<String> items =
        List.of(
            CannedResponse.item(200, "\"_seq_no\":5,\"_primary_term\":3"),
            CannedResponse.rejected(409, "version_conflict_engine_exception"),
            CannedResponse.item(404, "\"_seq_no\":6,\"_primary_term\":1"),
            CannedResponse.rejected(400, "document_parsing_exception"),
            CannedResponse.rejected(404, "index_not_found_exception"),
            CannedResponse.rejected(400, "index_closed_exception"),
            CannedResponse.rejected(403, "cluster_block_exception"),
            CannedResponse.rejected(500, "exception"));
    List<CompletableFuture<WriteOutcome>> all = writeBatch(8, call -> CannedResponse.items(items));
    assertThat(all.get(0).join()).isEqualTo(new WriteOutcome.Stored(new Version(5, 3)));
    assertThat(all.get(1).join()).isEqualTo(new WriteOutcome.Conflict());
    assertThat(all.get(2).join()).isEqualTo(new WriteOutcome.Conflict());
    assertThat(all.get(3).join()).isEqualTo(new WriteOutcome.Rejected("because"));
    assertThat(all.subList(4, 8))
        .allSatisfy(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Unknown.class));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void aliasErrorLeavesOutcomeUnknown() {
    String noWriteIndex =
        CannedResponse.item(
            400,
            "\"error\":{\"type\":\"illegal_argument_exception\","
                + "\"reason\":\"no write index is defined for alias [docket-tasks]\"}");
    elasticsearch.respondWith(call -> CannedResponse.items(List.of(noWriteIndex)));
    assertThat(write("a").join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void retriesWhileStoreIsBusy() {
    AtomicInteger tries = new AtomicInteger();
    List<CompletableFuture<WriteOutcome>> all =
        writeBatch(
            3,
            call ->
                tries.getAndIncrement() < 2
                    ? CannedResponse.error(429, "es_rejected_execution_exception")
                    : CannedResponse.stored(call));
    all.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(requests()).hasSize(3).allMatch(ids -> ids.size() == 3);
  }

  @Test
  void retriesOnlyItemsThatStoreWasTooBusyFor() {
    List<CompletableFuture<WriteOutcome>> all =
        writeBatch(
            3,
            call ->
                call.ids().size() == 1
                    ? CannedResponse.stored(call)
                    : CannedResponse.items(
                        List.of(
                            CannedResponse.item(201, "\"_seq_no\":1,\"_primary_term\":1"),
                            CannedResponse.rejected(429, "es_rejected_execution_exception"),
                            CannedResponse.item(201, "\"_seq_no\":2,\"_primary_term\":1"))));
    all.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(requests()).containsExactly(List.of("id-0", "id-1", "id-2"), List.of("id-1"));
  }

  @Test
  void storeThatStaysBusyLeavesOutcomeUnknown() {
    elasticsearch.respondWith(call -> CannedResponse.error(429, "circuit_breaking_exception"));
    assertThat(write("a").join())
        .isEqualTo(new WriteOutcome.Unknown("the store is too busy; try again"));
    assertThat(elasticsearch.calls()).hasSize(1 + BulkWriter.MAX_RETRIES);
  }

  @Test
  void doesNotRetryWritesThatBlockRejects() {
    elasticsearch.respondWith(
        call ->
            CannedResponse.items(
                List.of(
                    CannedResponse.item(
                        429,
                        "\"error\":{\"type\":\"cluster_block_exception\",\"reason\":\"index"
                            + " [docket-tasks-v1] blocked by: [TOO_MANY_REQUESTS/12/disk usage"
                            + " exceeded flood-stage watermark, index has read-only-allow-delete"
                            + " block];\"}"))));
    assertThat(write("a").join())
        .isInstanceOfSatisfying(
            WriteOutcome.Unknown.class,
            outcome ->
                assertThat(outcome.reason())
                    .startsWith("Elasticsearch rejects writes to index docket-tasks-v1: ")
                    .contains("cluster.routing.allocation.disk.watermark.flood_stage"));
    assertThat(elasticsearch.calls()).hasSize(1);
  }

  @Test
  void writesBehindBusyRequestWait() {
    AtomicInteger tries = new AtomicInteger();
    elasticsearch.respondWith(
        call ->
            tries.getAndIncrement() < 2
                ? CannedResponse.error(429, "es_rejected_execution_exception")
                : CannedResponse.stored(call));
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 10).mapToObj(i -> write("id-" + i)).toList();
    all.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(elasticsearch.calls().stream().limit(3).map(Call::ids))
        .allMatch(ids -> ids.equals(List.of("id-0")));
  }

  @Test
  void missingItemsOfResponseLeaveOutcomesUnknown() {
    List<CompletableFuture<WriteOutcome>> all =
        writeBatch(
            3,
            call ->
                CannedResponse.items(
                    List.of(CannedResponse.item(201, "\"_seq_no\":1,\"_primary_term\":1"))));
    assertThat(all.get(0).join()).isEqualTo(stored(1));
    assertThat(all.get(1).join()).isInstanceOf(WriteOutcome.Unknown.class);
    assertThat(all.get(2).join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void truncatedResponseLeavesRemainingOutcomesUnknown() {
    List<CompletableFuture<WriteOutcome>> all =
        writeBatch(
            2,
            call -> new CannedResponse(200, CannedResponse.stored(call).body().substring(0, 70)));
    assertThat(all.get(0).join()).isEqualTo(stored(0));
    assertThat(all.get(1).join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void invalidResponseLeavesOutcomesUnknown() {
    for (String body : List.of("", "<html>", "{}", "[]", "{\"items\":[7]}", "{\"items\":[{}]}")) {
      elasticsearch.respondWith(call -> new CannedResponse(200, body));
      assertThat(write("a").join()).as(body).isInstanceOf(WriteOutcome.Unknown.class);
    }
  }

  @Test
  void malformedItemDoesNotFailOthers() {
    List<CompletableFuture<WriteOutcome>> all =
        writeBatch(
            9,
            call ->
                call.ids().contains("id-6")
                    ? CannedResponse.error(400, "illegal_argument_exception")
                    : CannedResponse.stored(call));
    for (int i = 0; i < 9; i++) {
      assertThat(all.get(i).join())
          .isInstanceOf(i == 6 ? WriteOutcome.Rejected.class : WriteOutcome.Stored.class);
    }
  }

  @Test
  void splitsRequestThatIsTooLarge() {
    List<CompletableFuture<WriteOutcome>> all =
        writeBatch(
            8,
            call ->
                call.ids().size() > 2
                    ? new CannedResponse(413, "<html>")
                    : CannedResponse.stored(call));
    all.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class));
    elasticsearch.respondWith(call -> new CannedResponse(413, ""));
    assertThat(write("a").join()).isInstanceOf(WriteOutcome.Rejected.class);
  }

  @Test
  void otherErrorStatusLeavesOutcomesUnknown() {
    for (int status : new int[] {401, 403, 404, 500, 502, 503}) {
      elasticsearch.respondWith(call -> CannedResponse.error(status, "x"));
      assertThat(write("a").join()).as("" + status).isInstanceOf(WriteOutcome.Unknown.class);
    }
  }

  @Test
  void lostConnectionLeavesOutcomesUnknownWithoutRetry() {
    List<CompletableFuture<WriteOutcome>> all = writeBatch(5, call -> CannedResponse.NONE);
    all.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Unknown.class));
    assertThat(requests()).hasSize(1);
    elasticsearch.respondWith(CannedResponse::stored);
    assertThat(write("a").join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void timeoutLeavesOutcomesUnknown() {
    try (ElasticClients shortTimeoutClients =
        ElasticClients.open(
            new ElasticSettings(
                List.of(elasticsearch.uri()),
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofMillis(50)))) {
      CountDownLatch never = new CountDownLatch(1);
      elasticsearch.respondWith(
          call -> {
            never.await();
            return CannedResponse.stored(call);
          });
      BulkWriter shortTimeoutWriter =
          new BulkWriter(
              shortTimeoutClients.http(),
              BatchLimits.forWriting(1),
              SHORT_BACKOFF,
              executor,
              listener);
      assertThat(shortTimeoutWriter.write(item("a")).toCompletableFuture().join())
          .isEqualTo(
              new WriteOutcome.Unknown(
                  "Elasticsearch did not answer within 50 ms (elasticsearch.requestTimeout)"));
      never.countDown();
      shortTimeoutWriter.close();
    }
  }

  @Test
  void callsListenerAfterEachRequest() {
    writeBatch(3, CannedResponse::stored).forEach(CompletableFuture::join);
    assertThat(endedRequests)
        .containsExactly(
            new Ended(1, size("first"), BulkListener.Outcome.ANSWERED),
            new Ended(3, 3L * size("id-0"), BulkListener.Outcome.ANSWERED));
  }

  @Test
  void callsListenerAfterErrorsAndRetries() {
    AtomicInteger tries = new AtomicInteger();
    List<CannedResponse> responses =
        List.of(
            CannedResponse.error(429, "es_rejected_execution_exception"),
            CannedResponse.items(
                List.of(
                    CannedResponse.item(201, "\"_seq_no\":1,\"_primary_term\":1"),
                    CannedResponse.rejected(429, "es_rejected_execution_exception"))),
            CannedResponse.error(400, "illegal_argument_exception"));
    writeBatch(2, call -> responses.get(tries.getAndIncrement())).forEach(CompletableFuture::join);
    elasticsearch.respondWith(call -> CannedResponse.error(503, "unavailable"));
    write("b").join();
    elasticsearch.respondWith(
        call ->
            CannedResponse.items(
                List.of(CannedResponse.rejected(409, "version_conflict_engine_exception"))));
    write("c").join();
    assertThat(endedRequests)
        .extracting(Ended::items, Ended::outcome)
        .containsExactly(
            tuple(1, BulkListener.Outcome.ANSWERED),
            tuple(2, BulkListener.Outcome.BUSY),
            tuple(2, BulkListener.Outcome.PARTLY),
            tuple(1, BulkListener.Outcome.REFUSED),
            tuple(1, BulkListener.Outcome.FAILED),
            tuple(1, BulkListener.Outcome.ANSWERED));
  }

  private static int size(String id) {
    return item(id).size();
  }

  @Test
  void failingListenerLosesNoWrite() {
    listener =
        (items, bytes, nanos, outcome) -> {
          throw new IllegalStateException("broken");
        };
    writer = writer(BatchLimits.forWriting(1));
    assertThat(write("a").join()).isEqualTo(stored(0));
    assertThat(write("b").join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void rejectsWritesBeyondLimitImmediately() {
    writer = writer(new BatchLimits(10, 1 << 20, 1, 4, 1 << 20));
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return CannedResponse.stored(call);
        });
    List<CompletableFuture<WriteOutcome>> accepted =
        IntStream.range(0, 4).mapToObj(i -> write("id-" + i)).toList();
    assertThat(write("one-too-many").isDone()).isTrue();
    assertThat(write("another").join()).isInstanceOf(WriteOutcome.Unknown.class);
    release.countDown();
    accepted.forEach(outcome -> assertThat(outcome.join()).isInstanceOf(WriteOutcome.Stored.class));
    await().untilAsserted(() -> assertThat(writer.statistics().waiting()).isZero());
    assertThat(write("now").join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void closeWaitsForPendingWrites() {
    List<CompletableFuture<WriteOutcome>> all = writeBatch(100, CannedResponse::stored);
    writer.close();
    assertThat(all).allMatch(CompletableFuture::isDone);
    assertThat(write("late").join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void rejectsItemsThatWouldFailWholeRequest() {
    assertThatIllegalArgumentException().isThrownBy(() -> item(""));
    assertThatIllegalArgumentException().isThrownBy(() -> item("a\"b"));
    assertThatIllegalArgumentException().isThrownBy(() -> item("x".repeat(141)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BulkItem.remove(ALIAS, "a", new Version(-1, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BulkItem.remove(ALIAS, "a", new Version(1, 0)));
  }
}
