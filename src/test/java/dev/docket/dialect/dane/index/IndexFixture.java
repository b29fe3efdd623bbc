package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.document.DocumentSamples;
import dev.docket.document.DocumentService;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.result.MemoryPayloadStore;
import dev.docket.result.MemoryResultStore;
import dev.docket.result.Payloads;
import dev.docket.result.PendingResults;
import dev.docket.result.ResultEffects;
import dev.docket.result.ResultOutbox;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.result.SavedResults;
import dev.docket.result.StoreResultsHandler;
import dev.docket.search.record.FoundRecord;
import dev.docket.search.record.MemoryRecordQueries;
import dev.docket.server.HttpJson;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.OnePolicy;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The index of DANE's workers on stores in memory, with one task. */
final class IndexFixture {

  static final int MAX_PAYLOAD_BYTES = 4 << 20;

  private static final Policy LATE =
      new Policy(
          "dane",
          Policy.AckMode.ACKNOWLEDGES_LATE,
          3,
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          60,
          null,
          Duration.ofDays(7),
          10);

  static final ObjectMapper MAPPER = HttpJson.mapper();

  private final Clock clock = Clock.fixed(DocumentSamples.CREATED, ZoneOffset.UTC);
  private final MemoryTaskStore taskStore = new MemoryTaskStore();
  final MemoryResultStore records = new MemoryResultStore();
  final MemoryPayloadStore parts = new MemoryPayloadStore();
  final Payloads payloads = new Payloads(parts, MAPPER, clock, MAX_PAYLOAD_BYTES);
  final ResultOutbox outbox = new ResultOutbox();
  final TaskService tasks =
      new TaskService(
          taskStore,
          new OnePolicy(LATE),
          () -> TaskSamples.context(DocumentSamples.CREATED),
          outbox,
          CurrentDocuments.NEVER_CHANGED,
          List.of());
  final ResultService results = new ResultService(records, payloads, tasks);
  final SavedResults saved = new SavedResults(records, results, tasks, clock);
  final ResultViews views = new ResultViews(payloads);
  final IndexResponses responses = new IndexResponses("dane-index", MAPPER);
  private final MemoryDocumentStore documentStore = new MemoryDocumentStore();
  final DocumentService documents = new DocumentService(documentStore, clock, () -> "token");
  final MemoryRecordQueries queries = new MemoryRecordQueries(this::all);
  private final DaneStates states = new DaneStates(taskStore);
  private final ResultEffects resultEffects = new ResultEffects(records, payloads, clock);
  final IndexSearch search =
      new IndexSearch(
          queries,
          states,
          new PendingResults(new StoreResultsHandler(resultEffects, tasks), tasks),
          views);
  private final RecordReader reader = new RecordReader(documents, tasks, states, results, views);
  private final ResultSaver saver;

  final TaskId task;

  /**
   * @param directory for temporary files
   */
  IndexFixture(Path directory) {
    outbox.connect(resultEffects, tasks);
    saver =
        new ResultSaver(saved, tasks, payloads, MAPPER, directory, new StoreWait(Duration.ZERO));
    task = join(tasks.create(TaskSamples.task("ASR"))).id();
  }

  private Stream<FoundRecord> all() {
    return Stream.of(
            documentStore.all().stream().map(d -> new FoundRecord.OfDocument(d.value())),
            taskStore.all().stream().map(t -> new FoundRecord.OfTask(t.value())),
            records.all().stream().map(r -> new FoundRecord.OfResult(r.value())))
        .flatMap(found -> found);
  }

  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** A body as DANE's workers send it. */
  String body(String payload) {
    return "{\"result\": {\"generator\": {\"id\": \"abc\", \"name\": \"ASR\"}, \"payload\": "
        + payload
        + "}, \"role\": {\"name\": \"result\", \"parent\": \""
        + task
        + "\"}, \"created_at\": \"2026-03-01T12:00:00\", \"updated_at\": \"2026-03-01T12:00:00\"}";
  }

  String save(String body) {
    return save(body.getBytes(StandardCharsets.UTF_8));
  }

  String save(byte[] body) {
    return saver.save(new ByteArrayInputStream(body), Caller.ANONYMOUS);
  }

  String savePayload(String payload) {
    return save(body(payload));
  }

  /** Ends the current run. */
  void end(TaskState state) {
    Task now = join(tasks.get(task));
    Command end =
        state == TaskState.SUCCESS
            ? new Command.Complete(
                new Reporter(now.run().ref(), null, "w"), RunEnd.of(""), List.of(), null)
            : Command.Fail.of(
                new Reporter(now.run().ref(), null, "w"), state, RunEnd.of(""), List.of());
    assertThat(join(tasks.execute(task, end)).refused()).isFalse();
  }

  /** Starts another run of the task. */
  void retry() {
    assertThat(join(tasks.execute(task, new Command.ForceRetry("ann"))).refused()).isFalse();
  }

  /** The ids of the results of the task that workers find. */
  List<String> shown() {
    List<String> ids = new ArrayList<>();
    hits().forEach(hit -> ids.add(hit.path("_id").asText()));
    return ids;
  }

  /** The hits of a search for the results of the task. */
  JsonNode hits() {
    return answer(
            """
            {"query":{"has_parent":{"parent_type":"task","query":{"match":{"_id":"%s"}}}}}
            """
                .formatted(task))
        .path("hits")
        .path("hits");
  }

  /** The response to a search. */
  JsonNode answer(String body) {
    try {
      SearchCall call = SearchCall.read((ObjectNode) MAPPER.readTree(body));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (HitPages pages = search.find(call, OwnerFilter.ALL)) {
        responses.writeHits(out, pages.total(), pages::next, call.source(), () -> null);
      }
      assertThat(queries.open()).isZero();
      return new ObjectMapper().readTree(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The payload of the only result of the task, as JSON. */
  String payload() {
    JsonNode hits = hits();
    assertThat(hits).hasSize(1);
    return hits.get(0).at("/_source/result/payload").toString();
  }

  /** The record with this id, as the index returns it. */
  JsonNode record(String id) throws IOException {
    return new ObjectMapper().readTree(recordText(id));
  }

  /** The record with this id, as the index returns it; empty if there is none. */
  String recordText(String id) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var found = reader.find(id, OwnerFilter.ALL);
    if (found.isPresent()) {
      responses.writeRecord(out, found.orElseThrow(), SourceFilter.EVERYTHING);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
