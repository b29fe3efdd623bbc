package dev.docket.elastic.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Answer;
import dev.docket.elastic.FakeElasticsearch.Call;
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
  private static final RetryBackoff SHORT = new RetryBackoff(1, 3);

  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(Answer::stored);
  private final ElasticClients clients = elasticsearch.clients();
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final List<Heard> told = new CopyOnWriteArrayList<>();
  private BulkListener heard =
      (items, bytes, nanos, outcome) -> told.add(new Heard(items, bytes, outcome));
  private BulkWriter writer = writer(new BatchLimits(1_000, 1 << 20, 1, 10_000, 1 << 20));

  /** What the listener was told. */
  private record Heard(int items, long bytes, BulkListener.Outcome outcome) {}

  private BulkWriter writer(BatchLimits limits) {
    return new BulkWriter(new ElasticHttp(clients.rest()), limits, SHORT, executor, heard);
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

  /** Writes that go into one request, which is answered so. */
  private List<CompletableFuture<WriteOutcome>> together(
      int number, FakeElasticsearch.Answers answers) {
    CountDownLatch held = new CountDownLatch(1);
    elasticsearch.answer(
        call -> {
          if (call.ids().equals(List.of("first"))) {
            held.await();
            return Answer.stored(call);
          }
          return answers.to(call);
        });
    CompletableFuture<WriteOutcome> first = write("first");
    List<CompletableFuture<WriteOutcome>> rest =
        IntStream.range(0, number).mapToObj(i -> write("id-" + i)).toList();
    held.countDown();
    assertThat(first.join()).isEqualTo(stored(0));
    return rest;
  }

  private List<List<String>> requests() {
    return elasticsearch.calls().stream().map(Call::ids).skip(1).toList();
  }

  @Test
  void aWriteAloneIsSentAtOnceAsItIs() {
    assertThat(write("a").join()).isEqualTo(stored(0));
    Call call = elasticsearch.calls().get(0);
    assertThat(call.method() + " " + call.path()).isEqualTo("POST /_bulk");
    assertThat(call.query()).contains("require_alias=true").contains("filter_path=items");
    assertThat(call.body())
        .isEqualTo("{\"create\":{\"_index\":\"docket-tasks\",\"_id\":\"a\"}}\n{\"a\":1}\n");
  }

  @Test
  void everyKindOfWriteIsItsOwnLine() {
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
  void whatComesWhileARequestIsUnderWayGoesTogether() {
    List<CompletableFuture<WriteOutcome>> all = together(100, Answer::stored);
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).join()).isEqualTo(stored(i));
    }
    assertThat(requests()).singleElement().asInstanceOf(LIST).hasSize(100).startsWith("id-0");
    await()
        .untilAsserted(
            () -> assertThat(writer.figures()).isEqualTo(new WriteStatistics(2, 101, 0, 0)));
  }

  @Test
  void aBatchIsNoLargerThanItsLimits() {
    writer = writer(new BatchLimits(10, 1 << 20, 1, 10_000, 1 << 20));
    together(25, Answer::stored).forEach(CompletableFuture::join);
    assertThat(requests()).extracting(List::size).containsExactly(10, 10, 5);
  }

  @Test
  void aRecordLargerThanARequestGoesAlone() {
    writer = writer(new BatchLimits(10, 2L * item("id-0").size(), 1, 10_000, 1 << 20));
    CountDownLatch held = new CountDownLatch(1);
    elasticsearch.answer(
        call -> {
          held.await();
          return Answer.stored(call);
        });
    byte[] large = ("{\"a\":\"" + "x".repeat(500) + "\"}").getBytes(UTF_8);
    List<CompletableFuture<WriteOutcome>> all =
        List.of(
            write("first"),
            write("id-1"),
            writer.write(BulkItem.create(ALIAS, "large", large)).toCompletableFuture(),
            write("id-2"),
            write("id-3"));
    held.countDown();
    all.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(requests())
        .containsExactly(List.of("id-1"), List.of("large"), List.of("id-2", "id-3"));
  }

  @Test
  void asManyRequestsAreUnderWayAsAreAllowed() {
    writer = writer(new BatchLimits(10, 1 << 20, 3, 10_000, 1 << 20));
    CountDownLatch held = new CountDownLatch(1);
    elasticsearch.answer(
        call -> {
          held.await();
          return Answer.stored(call);
        });
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 8).mapToObj(i -> write("id-" + i)).toList();
    await().untilAsserted(() -> assertThat(elasticsearch.calls()).hasSize(3));
    held.countDown();
    all.forEach(CompletableFuture::join);
    assertThat(elasticsearch.calls()).hasSize(4);
  }

  @Test
  void whatIsWrittenOnAnAnswerGoesTogether() {
    List<CompletableFuture<WriteOutcome>> again =
        together(50, Answer::stored).stream()
            .map(saved -> saved.thenCompose(stored -> write("again")))
            .toList();
    again.forEach(CompletableFuture::join);
    assertThat(requests()).extracting(List::size).containsExactly(50, 50);
  }

  @Test
  void everyoneGetsHisOwnOutcome() {
    List<String> items =
        List.of(
            Answer.item(200, "\"_seq_no\":5,\"_primary_term\":3"),
            Answer.refused(409, "version_conflict_engine_exception"),
            Answer.item(404, "\"_seq_no\":6,\"_primary_term\":1"),
            Answer.refused(400, "document_parsing_exception"),
            Answer.refused(404, "index_not_found_exception"),
            Answer.refused(400, "index_closed_exception"),
            Answer.refused(403, "cluster_block_exception"),
            Answer.refused(500, "exception"));
    List<CompletableFuture<WriteOutcome>> all = together(8, call -> Answer.items(items));
    assertThat(all.get(0).join()).isEqualTo(new WriteOutcome.Stored(new Version(5, 3)));
    assertThat(all.get(1).join()).isEqualTo(new WriteOutcome.Stale());
    assertThat(all.get(2).join()).isEqualTo(new WriteOutcome.Stale());
    assertThat(all.get(3).join()).isEqualTo(new WriteOutcome.Unfit("because"));
    assertThat(all.subList(4, 8))
        .allSatisfy(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Unknown.class));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void aliasTroubleIsNobodysFault() {
    String noWriteIndex =
        Answer.item(
            400,
            "\"error\":{\"type\":\"illegal_argument_exception\","
                + "\"reason\":\"no write index is defined for alias [docket-tasks]\"}");
    elasticsearch.answer(call -> Answer.items(List.of(noWriteIndex)));
    assertThat(write("a").join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void aBusyStoreIsAskedAgain() {
    AtomicInteger tries = new AtomicInteger();
    List<CompletableFuture<WriteOutcome>> all =
        together(
            3,
            call ->
                tries.getAndIncrement() < 2
                    ? Answer.error(429, "es_rejected_execution_exception")
                    : Answer.stored(call));
    all.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(requests()).hasSize(3).allMatch(ids -> ids.size() == 3);
  }

  @Test
  void onlyTheItemsThatAStoreIsTooBusyForAreAskedAgain() {
    List<CompletableFuture<WriteOutcome>> all =
        together(
            3,
            call ->
                call.ids().size() == 1
                    ? Answer.stored(call)
                    : Answer.items(
                        List.of(
                            Answer.item(201, "\"_seq_no\":1,\"_primary_term\":1"),
                            Answer.refused(429, "es_rejected_execution_exception"),
                            Answer.item(201, "\"_seq_no\":2,\"_primary_term\":1"))));
    all.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(requests()).containsExactly(List.of("id-0", "id-1", "id-2"), List.of("id-1"));
  }

  @Test
  void aStoreThatStaysBusyLeavesTheOutcomeUnknown() {
    elasticsearch.answer(call -> Answer.error(429, "circuit_breaking_exception"));
    assertThat(write("a").join())
        .isEqualTo(new WriteOutcome.Unknown("the store is too busy, try again"));
    assertThat(elasticsearch.calls()).hasSize(1 + SHORT.most());
  }

  @Test
  void thoseBehindABusyRequestWait() {
    AtomicInteger tries = new AtomicInteger();
    elasticsearch.answer(
        call ->
            tries.getAndIncrement() < 2
                ? Answer.error(429, "es_rejected_execution_exception")
                : Answer.stored(call));
    List<CompletableFuture<WriteOutcome>> all =
        IntStream.range(0, 10).mapToObj(i -> write("id-" + i)).toList();
    all.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Stored.class));
    assertThat(elasticsearch.calls().stream().limit(3).map(Call::ids))
        .allMatch(ids -> ids.equals(List.of("id-0")));
  }

  @Test
  void aHalfAnswerLeavesTheRestUnknown() {
    List<CompletableFuture<WriteOutcome>> all =
        together(
            3,
            call -> Answer.items(List.of(Answer.item(201, "\"_seq_no\":1,\"_primary_term\":1"))));
    assertThat(all.get(0).join()).isEqualTo(stored(1));
    assertThat(all.get(1).join()).isInstanceOf(WriteOutcome.Unknown.class);
    assertThat(all.get(2).join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void anAnswerThatEndsInTheMiddleLeavesTheRestUnknown() {
    List<CompletableFuture<WriteOutcome>> all =
        together(2, call -> new Answer(200, Answer.stored(call).body().substring(0, 70)));
    assertThat(all.get(0).join()).isEqualTo(stored(0));
    assertThat(all.get(1).join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void anAnswerThatIsNoneLeavesAllUnknown() {
    for (String body : List.of("", "<html>", "{}", "[]", "{\"items\":[7]}", "{\"items\":[{}]}")) {
      elasticsearch.answer(call -> new Answer(200, body));
      assertThat(write("a").join()).as(body).isInstanceOf(WriteOutcome.Unknown.class);
    }
  }

  @Test
  void oneMalformedItemDoesNotFailTheOthers() {
    List<CompletableFuture<WriteOutcome>> all =
        together(
            9,
            call ->
                call.ids().contains("id-6")
                    ? Answer.error(400, "illegal_argument_exception")
                    : Answer.stored(call));
    for (int i = 0; i < 9; i++) {
      assertThat(all.get(i).join())
          .isInstanceOf(i == 6 ? WriteOutcome.Unfit.class : WriteOutcome.Stored.class);
    }
  }

  @Test
  void aRequestThatIsTooLargeIsSentInParts() {
    List<CompletableFuture<WriteOutcome>> all =
        together(
            8, call -> call.ids().size() > 2 ? new Answer(413, "<html>") : Answer.stored(call));
    all.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Stored.class));
    elasticsearch.answer(call -> new Answer(413, ""));
    assertThat(write("a").join()).isInstanceOf(WriteOutcome.Unfit.class);
  }

  @Test
  void aRequestThatIsRefusedForOtherReasonsLeavesAllUnknown() {
    for (int status : new int[] {401, 403, 404, 500, 502, 503}) {
      elasticsearch.answer(call -> Answer.error(status, "x"));
      assertThat(write("a").join()).as("" + status).isInstanceOf(WriteOutcome.Unknown.class);
    }
  }

  @Test
  void aDroppedConnectionLeavesAllUnknownAndIsNotAskedAgain() {
    List<CompletableFuture<WriteOutcome>> all = together(5, call -> Answer.NONE);
    all.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Unknown.class));
    assertThat(requests()).hasSize(1);
    elasticsearch.answer(Answer::stored);
    assertThat(write("a").join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void noAnswerInTimeLeavesAllUnknown() {
    try (ElasticClients hasty =
        ElasticClients.open(
            new ElasticSettings(
                List.of(elasticsearch.uri()),
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofMillis(50)))) {
      CountDownLatch never = new CountDownLatch(1);
      elasticsearch.answer(
          call -> {
            never.await();
            return Answer.stored(call);
          });
      BulkWriter impatient =
          new BulkWriter(
              new ElasticHttp(hasty.rest()), BatchLimits.forWriting(1), SHORT, executor, heard);
      assertThat(impatient.write(item("a")).toCompletableFuture().join())
          .isEqualTo(new WriteOutcome.Unknown("the store did not answer in time"));
      never.countDown();
      impatient.close();
    }
  }

  @Test
  void aListenerHearsOfEachRequestHowItEnded() {
    together(3, Answer::stored).forEach(CompletableFuture::join);
    assertThat(told)
        .containsExactly(
            new Heard(1, size("first"), BulkListener.Outcome.ANSWERED),
            new Heard(3, 3L * size("id-0"), BulkListener.Outcome.ANSWERED));
  }

  @Test
  void aListenerIsToldOfTroubleAndOfWhatIsSentAgain() {
    AtomicInteger tries = new AtomicInteger();
    List<Answer> answers =
        List.of(
            Answer.error(429, "es_rejected_execution_exception"),
            Answer.items(
                List.of(
                    Answer.item(201, "\"_seq_no\":1,\"_primary_term\":1"),
                    Answer.refused(429, "es_rejected_execution_exception"))),
            Answer.error(400, "illegal_argument_exception"));
    together(2, call -> answers.get(tries.getAndIncrement())).forEach(CompletableFuture::join);
    elasticsearch.answer(call -> Answer.error(503, "unavailable"));
    write("b").join();
    elasticsearch.answer(
        call -> Answer.items(List.of(Answer.refused(409, "version_conflict_engine_exception"))));
    write("c").join();
    assertThat(told)
        .extracting(Heard::items, Heard::outcome)
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
  void aListenerThatFailsCostsNoWrite() {
    heard =
        (items, bytes, nanos, outcome) -> {
          throw new IllegalStateException("broken");
        };
    writer = writer(BatchLimits.forWriting(1));
    assertThat(write("a").join()).isEqualTo(stored(0));
    assertThat(write("b").join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void whatDoesNotFitIsTurnedAwayAtOnce() {
    writer = writer(new BatchLimits(10, 1 << 20, 1, 4, 1 << 20));
    CountDownLatch held = new CountDownLatch(1);
    elasticsearch.answer(
        call -> {
          held.await();
          return Answer.stored(call);
        });
    List<CompletableFuture<WriteOutcome>> taken =
        IntStream.range(0, 4).mapToObj(i -> write("id-" + i)).toList();
    assertThat(write("one-too-many").isDone()).isTrue();
    assertThat(write("another").join()).isInstanceOf(WriteOutcome.Unknown.class);
    held.countDown();
    taken.forEach(saved -> assertThat(saved.join()).isInstanceOf(WriteOutcome.Stored.class));
    await().untilAsserted(() -> assertThat(writer.figures().waiting()).isZero());
    assertThat(write("now").join()).isInstanceOf(WriteOutcome.Stored.class);
  }

  @Test
  void closingWaitsForWhatIsUnderWay() {
    List<CompletableFuture<WriteOutcome>> all = together(100, Answer::stored);
    writer.close();
    assertThat(all).allMatch(CompletableFuture::isDone);
    assertThat(write("late").join()).isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void whatWouldFailAWholeRequestIsRefusedBefore() {
    assertThatIllegalArgumentException().isThrownBy(() -> item(""));
    assertThatIllegalArgumentException().isThrownBy(() -> item("a\"b"));
    assertThatIllegalArgumentException().isThrownBy(() -> item("x".repeat(129)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BulkItem.remove(ALIAS, "a", new Version(-1, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BulkItem.remove(ALIAS, "a", new Version(1, 0)));
  }
}
