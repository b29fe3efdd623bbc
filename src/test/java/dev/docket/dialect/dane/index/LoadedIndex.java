package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.dialect.dane.DaneStates;
import dev.docket.document.Document;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.ElasticFixture;
import dev.docket.http.Problem;
import dev.docket.result.Payloads;
import dev.docket.result.PendingResults;
import dev.docket.result.Result;
import dev.docket.result.ResultEffects;
import dev.docket.result.ResultViews;
import dev.docket.result.StoreResultsHandler;
import dev.docket.server.HttpJson;
import dev.docket.store.WriteOutcome;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.NoOutbox;
import dev.docket.task.OnePolicy;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Docket's index on the tests' Elasticsearch, without a server. */
final class LoadedIndex {

  private static final ObjectMapper MAPPER = HttpJson.mapper();
  private static final ObjectMapper PLAIN = new ObjectMapper();

  private final ElasticFixture elastic;
  private final ElasticBackend backend;
  private final DaneStates states;
  private final ResultViews views;
  private final IndexSearch search;
  private final ScrollService scrolls;
  private final IndexResponses responses = new IndexResponses("dane-index", MAPPER);

  LoadedIndex(ElasticFixture elastic) {
    this.elastic = elastic;
    this.backend = elastic.backend();
    Clock clock = Clock.systemUTC();
    Payloads payloads = new Payloads(backend.payloads(), MAPPER, clock, 1 << 20);
    TaskService tasks =
        new TaskService(
            backend.tasks(),
            new OnePolicy(TaskSamples.POLICY),
            () -> TaskSamples.context(clock.instant()),
            new NoOutbox(),
            CurrentDocuments.NEVER_CHANGED,
            List.of());
    states = new DaneStates(backend.tasks());
    views = new ResultViews(payloads);
    search =
        new IndexSearch(
            backend.recordQueries(),
            states,
            new PendingResults(
                new StoreResultsHandler(
                    new ResultEffects(backend.results(), payloads, clock), tasks),
                tasks),
            views);
    scrolls =
        new ScrollService(
            search, new OpenScrolls(OpenScrolls.MAX, Ticker.systemTicker()), responses, MAPPER);
  }

  /** Stores the records. */
  void load(List<Document> documents, List<Task> tasks, List<Result> results) {
    List<CompletionStage<WriteOutcome>> writes = new ArrayList<>();
    documents.forEach(document -> writes.add(backend.documents().create(document)));
    tasks.forEach(task -> writes.add(backend.tasks().create(task)));
    results.forEach(result -> writes.add(backend.results().create(result, null)));
    for (CompletionStage<WriteOutcome> write : writes) {
      assertThat(write.toCompletableFuture().join()).isInstanceOf(WriteOutcome.Stored.class);
    }
    elastic.refresh();
  }

  /** What this index shows of the records that clients see. */
  List<Hit> shown(SampleRecords records) {
    List<Hit> hits = new ArrayList<>();
    records.documents.stream().filter(d -> !d.deleted()).forEach(d -> hits.add(Hit.of(d)));
    List<Task> tasks = records.tasks.stream().filter(task -> !task.deleted()).toList();
    states.show(tasks).toCompletableFuture().join().forEach(shown -> hits.add(Hit.of(shown)));
    records.results.stream()
        .filter(result -> result.visible() && result.latest())
        .forEach(result -> hits.add(Hit.of(result, views)));
    return hits;
  }

  /** The source of a hit. */
  static JsonNode source(Hit hit) {
    try {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = MAPPER.createGenerator(text)) {
        json.writeStartObject();
        new HitWriter(MAPPER).writeSource(json, hit, SourceFilter.EVERYTHING);
        json.writeEndObject();
      }
      return PLAIN.readTree(text.toString()).path("_source");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer to a search, which may be an error. */
  JsonNode answer(ObjectNode body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SearchCall call = SearchCall.read(body);
      try (HitPages pages = search.find(call, OwnerFilter.ALL)) {
        responses.writeHits(out, pages.total(), pages::next, call.source(), () -> null);
      }
      return PLAIN.readTree(out.toByteArray());
    } catch (Problem problem) {
      ObjectNode error = PLAIN.createObjectNode().put("status", 400);
      error.put("error", problem.getMessage());
      return error;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first page of a scroll. */
  JsonNode startScroll(ObjectNode body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    scrolls.start(Caller.ANONYMOUS, body, Duration.ofMinutes(1)).write(out);
    return PLAIN.readTree(out.toByteArray());
  }

  /** The next page of a scroll. */
  JsonNode scroll(String id) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    scrolls.next(Caller.ANONYMOUS, id, Duration.ofMinutes(1)).write(out);
    return PLAIN.readTree(out.toByteArray());
  }

  boolean endScroll(String id) {
    return scrolls.end(id);
  }
}
