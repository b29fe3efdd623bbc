package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.dialect.dane.DaneResult;
import dev.docket.result.PayloadPart;
import dev.docket.result.Result;
import dev.docket.result.ResultSubmissions;
import dev.docket.task.ResultId;
import dev.docket.task.TaskSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps a result of DANE. It keeps its id and becomes a result of the listed run of its task.
 *
 * @param maxBytes the maximum size of a payload
 */
record ResultMapping(DaneTimes times, long maxBytes, Instant now) {

  /**
   * A result with its payload.
   *
   * @param large the payload, if it is too large for the record; otherwise null
   * @param searched the large payload, if it is small enough for searches; otherwise null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record ResultWithPayload(Result result, byte @Nullable [] large, @Nullable JsonNode searched) {

    /** An upper limit of what the records take. */
    int bytes() {
      return large == null ? 2 * ResultSubmissions.MAX_RECORD_BYTES : large.length;
    }

    PayloadPart.Owner owner() {
      return new PayloadPart.Owner(result.taskId(), result.attempt(), result.run(), null);
    }
  }

  Mapped<ResultWithPayload> map(DaneHit hit, ImportedTask task) throws Unmappable {
    Set<ImportFinding> changes = EnumSet.noneOf(ImportFinding.class);
    JsonNode stored = hit.source().path("result");
    if (!DocumentMapping.others(stored, "generator", "payload").isEmpty()) {
      changes.add(ImportFinding.DROPPED_KEYS);
    }
    JsonNode payload = stored.path("payload");
    if (payload.isMissingNode() || payload.isNull()) {
      payload = DaneJson.MAPPER.createObjectNode();
    }
    byte[] json = payload.toString().getBytes(StandardCharsets.UTF_8);
    if (json.length > maxBytes) {
      throw new Unmappable(ImportFinding.PAYLOAD_TOO_LARGE);
    }
    boolean large = json.length > ResultSubmissions.MAX_RECORD_BYTES;
    TaskSpec.DocumentCopy document = task.spec().document();
    Result result =
        new Result(
            Unmappable.parsed(hit.id(), ResultId::new, ImportFinding.INVALID_ID),
            task.id(),
            document.id(),
            task.spec().key(),
            Result.Origin.of(task.spec()),
            DaneResult.generator(stored.path("generator")),
            large ? null : payload,
            large ? (long) json.length : null,
            ImportedTask.RESULTS_ATTEMPT,
            task.resultsRun(),
            true,
            true,
            RecordTimes.read(hit.source(), times, now, changes).createdAt());
    JsonNode searched = large && json.length <= PayloadPart.BYTES ? payload : null;
    return new Mapped<>(new ResultWithPayload(result, large ? json : null, searched), changes);
  }
}
