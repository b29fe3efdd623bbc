package dev.docket.elastic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.elastic.FakeElasticsearch;
import dev.docket.elastic.FakeElasticsearch.Call;
import dev.docket.elastic.FakeElasticsearch.CannedResponse;
import dev.docket.elastic.client.Alias;
import dev.docket.elastic.client.BatchLimits;
import dev.docket.elastic.client.ElasticClients;
import dev.docket.elastic.client.ElasticHttp;
import dev.docket.elastic.record.RecordCodec;
import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSamples;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchReaderTest {

  private final Map<String, String> docs = new LinkedHashMap<>();
  private final FakeElasticsearch elasticsearch = FakeElasticsearch.start(this::mget);
  private final ElasticClients clients = elasticsearch.clients();
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final BatchReader<Task> reader =
      new BatchReader<>(
          new ElasticHttp(clients.rest()),
          new Alias("docket-tasks"),
          RecordCodec.TASK,
          new BatchLimits(100, 1 << 20, 1, 200, 1 << 20),
          executor,
          List.of());

  @AfterEach
  void close() {
    clients.close();
    executor.shutdownNow();
    elasticsearch.close();
  }

  private CannedResponse mget(Call call) {
    return new CannedResponse(
        200,
        ids(call).stream()
            .map(id -> docs.getOrDefault(id, "{\"_id\":\"" + id + "\",\"found\":false}"))
            .collect(Collectors.joining(",", "{\"docs\":[", "]}")));
  }

  private static List<String> ids(Call call) {
    String list = call.body().replaceAll(".*\\[|\\].*|\"", "");
    return Arrays.asList(list.split(",", -1));
  }

  private Task storedTask() {
    Task task = TaskSamples.task("ASR");
    try {
      String source = new String(RecordCodec.TASK.write(task), StandardCharsets.UTF_8);
      docs.put(task.id().value(), doc(task.id().value(), source));
    } catch (RecordCodec.Unwritable e) {
      throw new AssertionError(e);
    }
    return task;
  }

  private static String doc(String id, String source) {
    return "{\"_index\":\"docket-tasks-v1\",\"_id\":\""
        + id
        + "\",\"_version\":3,\"_seq_no\":7,\"_primary_term\":2,\"found\":true,\"_source\":"
        + source
        + "}";
  }

  private CompletableFuture<Optional<Versioned<Task>>> find(String id) {
    return reader.find(id).toCompletableFuture();
  }

  @Test
  void returnsRecordWithVersion() {
    Task task = storedTask();
    assertThat(find(task.id().value()).join()).contains(new Versioned<>(task, new Version(7, 2)));
    assertThat(elasticsearch.calls().get(0).path()).isEqualTo("/docket-tasks/_mget");
  }

  @Test
  void returnsEmptyForMissingRecord() {
    assertThat(find("nothing").join()).isEmpty();
  }

  @Test
  void readsDuringRequestShareTheNextOne() {
    List<Task> tasks = IntStream.range(0, 50).mapToObj(i -> storedTask()).toList();
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return mget(call);
        });
    CompletableFuture<Optional<Versioned<Task>>> first = find("nothing");
    List<CompletableFuture<Optional<Versioned<Task>>>> rest =
        tasks.stream().map(task -> find(task.id().value())).toList();
    release.countDown();
    assertThat(first.join()).isEmpty();
    for (int i = 0; i < tasks.size(); i++) {
      assertThat(rest.get(i).join().orElseThrow().value()).isEqualTo(tasks.get(i));
    }
    assertThat(elasticsearch.calls()).hasSize(2);
  }

  @Test
  void unreadableRecordFailsOnlyItsReads() {
    Task good = storedTask();
    docs.put("bad", doc("bad", "{\"id\":\"bad\",\"unknown_field\":[{}]}"));
    docs.put("half", doc("half", "{\"id\":\"half\"}"));
    CompletableFuture<Map<TaskId, Versioned<Task>>> all =
        reader
            .find(List.of(new TaskId("bad"), good.id()), TaskId::value, Task::id)
            .toCompletableFuture();
    assertThatThrownBy(all::join).hasCauseInstanceOf(RecordCodec.Unreadable.class);
    assertThatThrownBy(find("half")::join).hasCauseInstanceOf(RecordCodec.Unreadable.class);
    assertThat(find(good.id().value()).join()).isPresent();
  }

  @Test
  void itemErrorFailsOnlyItsReads() {
    Task good = storedTask();
    docs.put("bad", "{\"_id\":\"bad\",\"error\":{\"type\":\"x\",\"reason\":\"y\"}}");
    CompletableFuture<Optional<Versioned<Task>>> bad = find("bad");
    assertThat(find(good.id().value()).join()).isPresent();
    assertThatThrownBy(bad::join).hasCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void failsWithStoreUnavailableWithoutUsableResponse() {
    for (CannedResponse response :
        List.of(
            CannedResponse.NONE,
            CannedResponse.error(404, "index_not_found_exception"),
            CannedResponse.error(429, "es_rejected_execution_exception"),
            CannedResponse.error(503, "x"),
            new CannedResponse(200, ""),
            new CannedResponse(200, "{\"docs\":[]}"),
            new CannedResponse(200, "{\"docs\":[{\"found\":tr"))) {
      elasticsearch.respondWith(call -> response);
      assertThatThrownBy(find("a")::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void splitsRequestIfResponseIsTooLarge() {
    List<Task> tasks = IntStream.range(0, 9).mapToObj(i -> storedTask()).toList();
    elasticsearch.respondWith(
        call ->
            ids(call).size() > 2
                ? new CannedResponse(200, "\"" + "x".repeat(17 << 20) + "\"")
                : mget(call));
    Map<TaskId, Versioned<Task>> found =
        reader
            .find(tasks.stream().map(Task::id).toList(), TaskId::value, Task::id)
            .toCompletableFuture()
            .join();
    assertThat(found).hasSize(9);
    assertThat(elasticsearch.calls()).hasSizeGreaterThan(5);
  }

  @Test
  void rejectsReadsBeyondLimitImmediately() {
    CountDownLatch release = new CountDownLatch(1);
    elasticsearch.respondWith(
        call -> {
          release.await();
          return mget(call);
        });
    List<CompletableFuture<Optional<Versioned<Task>>>> accepted =
        IntStream.range(0, 200).mapToObj(i -> find("id-" + i)).toList();
    CompletableFuture<Optional<Versioned<Task>>> rejected = find("more");
    assertThat(rejected).isCompletedExceptionally();
    release.countDown();
    accepted.forEach(found -> assertThat(found.join()).isEmpty());
  }
}
