package dev.docket.dialect.dane.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.Owner;
import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.result.Result;
import dev.docket.task.Dependency;
import dev.docket.task.ResultId;
import dev.docket.task.Run;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Documents, tasks and results for comparisons with DANE's index; the same seed gives the same. */
final class SampleRecords {

  static final List<String> TARGETS = List.of("e-1", "e:2 x/y", "E-1", "e*3", "film 12", "\"q\"");
  static final List<String> CREATORS = List.of("bat-1", "bat_1", "BAT_1", "Archief De Bunker");
  static final List<String> KEYS = List.of("ASR", "OCR", "SAVE2", "A-1");
  static final List<String> WORDS = List.of("disk", "full", "retry", "naïve", "done");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  final List<Document> documents = new ArrayList<>();
  final List<Task> tasks = new ArrayList<>();
  final List<Result> results = new ArrayList<>();
  private final Random random;
  private int number;

  private SampleRecords(long seed) {
    random = new Random(seed);
  }

  static SampleRecords of(long seed) {
    SampleRecords samples = new SampleRecords(seed);
    for (String target : TARGETS) {
      for (String creator : CREATORS) {
        if (samples.random.nextInt(4) > 0) {
          samples.document(target, creator);
        }
      }
    }
    return samples;
  }

  /** Records that exist already. */
  static SampleRecords of(List<Document> documents, List<Task> tasks, List<Result> results) {
    SampleRecords samples = new SampleRecords(0);
    samples.documents.addAll(documents);
    samples.tasks.addAll(tasks);
    samples.results.addAll(results);
    return samples;
  }

  private Instant time() {
    return START.plusMillis(700L * number++);
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private void document(String targetId, String creatorId) {
    TargetType type = any(List.of(TargetType.VIDEO, TargetType.TEXT));
    Target target =
        new Target(targetId, "http://x.example/" + any(WORDS) + "/a%20b.mp4", type, Map.of());
    Creator creator =
        new Creator(
            creatorId,
            any(List.of(CreatorType.HUMAN, CreatorType.ORGANIZATION)),
            random.nextBoolean() ? "Jan " + any(WORDS) : null,
            Map.of());
    Instant created = time();
    Document document =
        new Document(
            DocumentId.of(target, creator),
            target,
            creator,
            Map.of("title", any(WORDS)),
            created,
            created,
            Document.FIRST_VERSION,
            null,
            null,
            0,
            null,
            false,
            false,
            Owner.NOBODY,
            "token");
    boolean deleted = random.nextInt(8) == 0;
    documents.add(deleted ? document.asDeleted(created) : document);
    if (deleted) {
      return;
    }
    List<Task> before = new ArrayList<>();
    for (String key : KEYS) {
      if (random.nextInt(3) > 0) {
        before.add(task(document, key, before));
      }
    }
  }

  private Task task(Document document, String key, List<Task> before) {
    TaskKey taskKey = new TaskKey(key);
    TaskId id = TaskId.of(document.id(), taskKey);
    Map<String, Object> args =
        random.nextBoolean() ? Map.of() : Map.of("lang", any(List.of("nl", "en")), "n", 5);
    TaskSpec spec =
        TaskSpec.builder(TaskSpec.DocumentCopy.of(document), taskKey, "dane", "tester")
            .args(args)
            .priority(random.nextInt(11))
            .build();
    TaskState state = any(List.of(TaskState.values()));
    List<Dependency> dependencies = List.of();
    if (state == TaskState.FAILED_DEPENDENCY) {
      // Also on a task that does not exist, and on one that did not fail.
      Task other = before.isEmpty() ? null : any(before);
      TaskId on = other == null ? new TaskId("0".repeat(40)) : other.id();
      dependencies = List.of(new Dependency(on, new TaskKey("ASR"), TaskState.ERROR, 1));
    }
    Integer answered = state == TaskState.ERROR && random.nextBoolean() ? (Integer) 418 : null;
    Instant created = time();
    Run.Builder run = new Run.Builder(Run.unstarted(1, "run", "dane"));
    run.answeredState = answered;
    run.finishedAt = state.isFinished() ? created : null;
    Task task =
        new Task(
            id,
            spec,
            state,
            any(WORDS) + " " + any(WORDS),
            run.build(),
            random.nextInt(12) == 0 ? created : null,
            List.of(),
            dependencies,
            false,
            List.of(),
            false,
            List.of(),
            List.of(),
            created,
            created.plusSeconds(random.nextInt(3)));
    tasks.add(task);
    for (int i = random.nextInt(4); i > 0 && !task.deleted(); i--) {
      result(task);
    }
    return task;
  }

  private void result(Task task) {
    Instant created = time();
    boolean shown = random.nextInt(5) > 0;
    Map<String, String> generator =
        random.nextInt(4) == 0
            ? Map.of()
            : Map.of(
                "id",
                any(List.of("rev1", "rev2")),
                "name",
                "TESTER",
                "type",
                "Software",
                "homepage",
                "http://x.example");
    results.add(
        new Result(
            new ResultId("r-" + number + "_" + task.id().value().substring(0, 14)),
            task.id(),
            task.spec().document().id(),
            task.key(),
            Result.Origin.of(task),
            generator,
            payload(),
            null,
            1,
            "run",
            shown || random.nextBoolean(),
            shown,
            created));
  }

  private JsonNode payload() {
    return switch (random.nextInt(4)) {
      case 0 -> JSON.createObjectNode();
      case 1 -> JSON.createObjectNode().put("text", any(WORDS)).put("i", random.nextInt(3));
      case 2 -> JSON.createObjectNode().putNull("none");
      default -> JSON.createObjectNode().put("i", random.nextInt(3));
    };
  }
}
