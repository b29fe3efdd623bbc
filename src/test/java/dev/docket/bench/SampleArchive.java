package dev.docket.bench;

import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The documents of a fictitious archive. Each round of a measurement has its own documents. */
final class SampleArchive {

  static final int BATCH = 500;

  private static final Creator CREATOR =
      new Creator("bench-archive", CreatorType.ORGANIZATION, null, Map.of());

  private SampleArchive() {}

  /** The JSON of a document, about 300 bytes. */
  static String document(String round, int number) {
    return """
        {"target":{"id":"%s","url":"https://archive.example/%s.mp4","type":"Video"},\
        "creator":{"id":"bench-archive","type":"Organization"},\
        "metadata":{"title":"Recording %d of %s","collection":"bench","minutes":%d}}"""
        .formatted(target(round, number), target(round, number), number, round, number % 180);
  }

  private static String target(String round, int number) {
    return "recording-" + round + "-" + number;
  }

  static DocumentId documentId(String round, int number) {
    String target = target(round, number);
    return DocumentId.of(new Target(target, target, TargetType.VIDEO, Map.of()), CREATOR);
  }

  static TaskId taskId(String round, int number) {
    return TaskId.of(documentId(round, number), new TaskKey(BenchWorker.KEY));
  }

  static String batch(String round, int from, int count) {
    List<String> documents = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      documents.add(document(round, i));
    }
    return "[" + String.join(",", documents) + "]";
  }

  /** Registers the first documents of a round. */
  static void register(BenchEnvironment environment, String round, int count) throws Exception {
    int batches = (count + BATCH - 1) / BATCH;
    ConcurrentClients.run(
        environment.server(),
        Math.min(2, batches),
        batches,
        (connection, i) ->
            connection
                .post("/documents", batch(round, i * BATCH, Math.min(BATCH, count - i * BATCH)))
                .expect(200));
  }

  /** The body of a request that assigns one task to each of some documents of a round. */
  static String assignment(String round, int from, int count, String args) {
    String ids =
        java.util.stream.IntStream.range(from, from + count)
            .mapToObj(i -> "\"" + documentId(round, i) + "\"")
            .collect(Collectors.joining(","));
    return "{\"document_id\":[%s],\"key\":\"%s\",\"tags\":[\"%s\"],\"args\":%s}"
        .formatted(ids, BenchWorker.KEY, round, args);
  }
}
