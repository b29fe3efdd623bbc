package dev.docket.elastic.store;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.elastic.record.RecordTime;
import dev.docket.elastic.search.QueryTerms;
import dev.docket.elastic.search.RecordSearch;
import dev.docket.result.PayloadPart;
import dev.docket.result.PayloadStore;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.ResultId;
import dev.docket.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores payloads in Elasticsearch, one record for each part. */
public final class ElasticPayloadStore implements PayloadStore {

  private final RecordStore<PayloadPart> records;
  private final RecordSearch<PayloadPart> searches;

  public ElasticPayloadStore(RecordStore<PayloadPart> records, RecordSearch<PayloadPart> searches) {
    this.records = records;
    this.searches = searches;
  }

  private static String recordId(ResultId result, int number) {
    return result + "_" + number;
  }

  @Override
  public CompletionStage<WriteOutcome> put(PayloadPart part) {
    return records.put(recordId(part.result(), part.number()), part);
  }

  @Override
  public CompletionStage<Optional<PayloadPart>> find(ResultId result, int number) {
    return records.find(recordId(result, number)).thenApply(found -> found.map(Versioned::value));
  }

  @Override
  public CompletionStage<WriteOutcome> remove(ResultId result, int number) {
    return records.remove(recordId(result, number));
  }

  @Override
  public List<PartName> writtenBefore(Instant time, @Nullable PartName after, int limit) {
    SearchRequest.Builder request =
        new SearchRequest.Builder()
            .query(QueryTerms.before("created_at", time))
            .sort(ascending("created_at"), ascending("result_id"), ascending("part"))
            .size(limit)
            .source(s -> s.filter(f -> f.excludes("data")))
            .trackTotalHits(t -> t.enabled(false));
    if (after != null) {
      request.searchAfter(
          FieldValue.of(after.createdAt().toEpochMilli()),
          FieldValue.of(after.result().value()),
          FieldValue.of(after.number()));
    }
    return searches.run(request).hits().hits().stream()
        .map(hit -> name(Objects.requireNonNull(hit.source(), "source")))
        .toList();
  }

  private static SortOptions ascending(String field) {
    return SortOptions.of(s -> s.field(f -> f.field(field).order(SortOrder.Asc)));
  }

  private static PartName name(ObjectNode source) {
    return new PartName(
        new ResultId(source.path("result_id").asText()),
        source.path("part").asInt(),
        new PayloadPart.Owner(
            new TaskId(source.path("task_id").asText()),
            source.path("attempt").asInt(),
            source.path("run").asText(),
            source.path("submission").textValue()),
        RecordTime.parse(source.path("created_at").asText()));
  }
}
