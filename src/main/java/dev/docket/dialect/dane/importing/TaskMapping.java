package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.dialect.dane.DaneParameters;
import dev.docket.document.Document;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policies;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps a task of DANE. It keeps its id. Unknown keys of the task become arguments, as DANE passes
 * them to workers; other unknown keys become metadata.
 */
record TaskMapping(DaneTimes times, Policies policies, Instant now) {

  private static final int DEFAULT_PRIORITY = 1;
  private static final int MAX_PRIORITY = 10;
  private static final String SUBMITTER = "import-dane";

  Mapped<ImportedTask> map(DaneHit hit, Document document) throws Unmappable {
    Set<ImportFinding> changes = EnumSet.noneOf(ImportFinding.class);
    JsonNode task = hit.source().path("task");
    TaskId id = id(hit).orElseThrow(() -> new Unmappable(ImportFinding.INVALID_ID));
    TaskKey key =
        Unmappable.parsed(task.path("key").asText(""), TaskKey::new, ImportFinding.INVALID_KEY);
    int number = number(task.path("state"));
    ImportedState state = ImportedState.of(number);
    if (!ImportedState.isKnown(number)) {
      changes.add(ImportFinding.UNKNOWN_STATE);
    } else if (state.state() == TaskState.CREATED && number != TaskState.CREATED.number()) {
      changes.add(ImportFinding.SENT_AGAIN);
    }
    TaskSpec spec =
        TaskSpec.builder(TaskSpec.DocumentCopy.of(document), key, null, SUBMITTER)
            .args(args(task))
            .priority(priority(task.path("priority"), changes))
            .onDependencyFailure(
                state.state() == TaskState.UNFINISHED_DEPENDENCY
                    ? OnDependencyFailure.WAIT
                    : OnDependencyFailure.FAIL)
            .meta(DocumentMapping.others(hit.source(), "task", "created_at", "updated_at", "role"))
            .build();
    String message = task.path("msg").asText("");
    RecordTimes recordTimes = RecordTimes.read(hit.source(), times, now, changes);
    return new Mapped<>(
        new ImportedTask(id, spec, policies.of(key).protocol(), state, message, recordTimes),
        changes);
  }

  /** The id of a task; empty if Docket's tasks cannot have it. */
  static Optional<TaskId> id(DaneHit hit) {
    return DaneParameters.parsed(hit.id(), TaskId::new);
  }

  private static int number(JsonNode state) throws Unmappable {
    if (state.isNumber() && state.canConvertToInt() && state.canConvertToExactIntegral()) {
      return state.intValue();
    }
    return Unmappable.<Integer>parsed(
        state.asText("").strip(), Integer::valueOf, ImportFinding.INVALID_STATE);
  }

  private static int priority(JsonNode priority, Set<ImportFinding> changes) {
    if (priority.isMissingNode()) {
      return DEFAULT_PRIORITY;
    }
    int known = priority.isNumber() ? Math.max(0, Math.min(MAX_PRIORITY, priority.intValue())) : -1;
    if (known < 0 || known != priority.doubleValue()) {
      changes.add(ImportFinding.OTHER_PRIORITY);
    }
    return known < 0 ? DEFAULT_PRIORITY : known;
  }

  private static Map<String, @Nullable Object> args(JsonNode task) {
    Map<String, @Nullable Object> args =
        new LinkedHashMap<>(
            DocumentMapping.others(task, "key", "state", "msg", "priority", "args"));
    JsonNode own = task.path("args");
    if (!own.isMissingNode() && !own.isNull()) {
      JsonNode named = DaneJson.MAPPER.createObjectNode().set("args", own);
      args.putAll(DaneJson.map(own.isObject() ? own : named));
    }
    return args;
  }
}
