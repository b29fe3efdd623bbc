package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.index.Refresher;
import dev.docket.elastic.record.RecordTime;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.joblog.LogChunk;
import dev.docket.joblog.LogEnd;
import dev.docket.joblog.LogId;
import dev.docket.joblog.LogStore;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.RunRef;
import dev.docket.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores logs in Elasticsearch, one record for each chunk. */
public final class ElasticLogStore implements LogStore {

  private static final int MAX_LOGS = 1_000;

  private final RecordStore<LogChunk> records;
  private final RecordStore<LogChunk> ends;
  private final RecordSearch<LogChunk> searches;
  private final Refresher refresher;

  /**
   * @param ends reads records without {@link #LINES_FIELD}
   */
  public ElasticLogStore(
      RecordStore<LogChunk> records,
      RecordStore<LogChunk> ends,
      RecordSearch<LogChunk> searches,
      Refresher refresher) {
    this.records = records;
    this.ends = ends;
    this.searches = searches;
    this.refresher = refresher;
  }

  /** The field with the lines of a chunk. */
  public static final String LINES_FIELD = "lines";

  @Override
  public CompletionStage<WriteOutcome> create(LogChunk chunk) {
    return records.create(recordId(chunk.log(), chunk.number()), chunk);
  }

  @Override
  public CompletionStage<List<LogChunk>> find(LogId log, Collection<Integer> numbers) {
    return records
        .find(numbers, number -> recordId(log, number), LogChunk::number)
        .thenApply(found -> new TreeMap<>(found).values().stream().map(Versioned::value).toList());
  }

  @Override
  public CompletionStage<Map<Integer, LogEnd>> ends(LogId log, Collection<Integer> numbers) {
    return ends.find(numbers, number -> recordId(log, number), LogChunk::number)
        .thenApply(
            found -> {
              Map<Integer, LogEnd> byNumber = new TreeMap<>();
              found.forEach((number, chunk) -> byNumber.put(number, chunk.value().end()));
              return byNumber;
            });
  }

  @Override
  public CompletionStage<WriteOutcome> remove(LogId log, int number) {
    return records.remove(recordId(log, number));
  }

  /** Finds each log by its first chunk. */
  @Override
  public List<LogId> ofTask(TaskId task) {
    refresher.refresh();
    SearchRequest.Builder request =
        page(QueryTerms.all(ofTaskQuery(task), QueryTerms.is("chunk", "0")), MAX_LOGS);
    return run(request.sort(QueryTerms.sort("attempt", SortOrder.Asc))).stream()
        .map(ChunkName::log)
        .toList();
  }

  @Override
  public List<ChunkName> chunks(TaskId task, @Nullable ChunkName after, int limit) {
    SearchRequest.Builder request =
        page(ofTaskQuery(task), limit)
            .sort(QueryTerms.sort("run", SortOrder.Asc), QueryTerms.sort("chunk", SortOrder.Asc));
    if (after != null) {
      request.searchAfter(FieldValue.of(after.log().run().token()), FieldValue.of(after.number()));
    }
    return run(request);
  }

  @Override
  public List<ChunkName> writtenBefore(Instant time, @Nullable ChunkName after, int limit) {
    SearchRequest.Builder request =
        page(QueryTerms.before("created_at", time), limit)
            .sort(
                QueryTerms.sort("created_at", SortOrder.Asc),
                QueryTerms.sort("run", SortOrder.Asc),
                QueryTerms.sort("chunk", SortOrder.Asc));
    if (after != null) {
      request.searchAfter(
          FieldValue.of(after.createdAt().toEpochMilli()),
          FieldValue.of(after.log().run().token()),
          FieldValue.of(after.number()));
    }
    return run(request);
  }

  private static Query ofTaskQuery(TaskId task) {
    return QueryTerms.is("task_id", task.value());
  }

  private static SearchRequest.Builder page(Query query, int limit) {
    return new SearchRequest.Builder()
        .query(query)
        .size(limit)
        .source(s -> s.filter(f -> f.excludes(LINES_FIELD)))
        .trackTotalHits(t -> t.enabled(false));
  }

  private List<ChunkName> run(SearchRequest.Builder request) {
    return searches.run(request).hits().hits().stream()
        .map(hit -> name(Objects.requireNonNull(hit.source(), "source")))
        .toList();
  }

  private static ChunkName name(ObjectNode source) {
    return new ChunkName(
        new LogId(
            new TaskId(source.path("task_id").asText()),
            new RunRef(source.path("attempt").asInt(), source.path("run").asText())),
        source.path("chunk").asInt(),
        RecordTime.parse(source.path("created_at").asText()));
  }

  /** The token of the run is hashed, so that it does not appear with ids in logs. */
  private static String recordId(LogId log, int number) {
    String name = log.task() + " " + log.run().attempt() + " " + log.run().token();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)) + "_" + number;
  }
}
