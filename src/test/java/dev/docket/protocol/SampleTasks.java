package dev.docket.protocol;

import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSpec;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.TaskMachine;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Tasks that are ready to be published, each with a unique id. */
public final class SampleTasks {

  private static final Instant CREATED = Instant.parse("2026-03-01T12:34:56.789Z");
  private static final Random RANDOM = new Random(42);

  private SampleTasks() {}

  public static Task task(String protocol, String key) {
    return task(protocol, key, TargetType.VIDEO, 1, Map.of());
  }

  public static Task task(String protocol, String key, TargetType type, int priority) {
    return task(protocol, key, type, priority, Map.of());
  }

  public static Task task(
      String protocol, String key, TargetType type, int priority, Map<String, Object> args) {
    TaskSpec spec =
        TaskSpec.builder(document(type), TaskKey.fromString(key), protocol, "ann")
            .args(args)
            .priority(priority)
            .build();
    return TaskMachine.create(
        TaskId.fromString(UUID.randomUUID().toString()),
        spec,
        List.of(),
        null,
        new DecisionContext(CREATED, token(), 0.5));
  }

  private static TaskSpec.DocumentCopy document(TargetType type) {
    Target target =
        new Target("reel 7", "http://archive/reel%207", type, Map.of("collection", "newsreels"));
    Creator creator =
        new Creator(
            "the archive", CreatorType.ORGANIZATION, "The Archive", Map.of("city", "Delft"));
    return new TaskSpec.DocumentCopy(
        DocumentId.of(target, creator),
        target,
        creator,
        CREATED,
        CREATED.plusSeconds(60),
        Document.FIRST_VERSION);
  }

  private static synchronized String token() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
