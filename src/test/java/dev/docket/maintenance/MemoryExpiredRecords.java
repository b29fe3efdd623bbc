package dev.docket.maintenance;

import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.MemoryDocumentStore;
import dev.docket.store.Versioned;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskState;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link ExpiredRecords} over stores in memory, for tests. */
public final class MemoryExpiredRecords implements ExpiredRecords {

  private static final Comparator<Task> EARLIEST_END =
      Comparator.comparing((Task task) -> Objects.requireNonNull(task.run().finishedAt()))
          .thenComparing(task -> task.id().value());
  private static final Comparator<Document> EARLIEST_REGISTRATION =
      Comparator.comparing(Document::createdAt).thenComparing(document -> document.id().value());

  private final MemoryTaskStore tasks;
  private final MemoryDocumentStore documents;

  public MemoryExpiredRecords(MemoryTaskStore tasks, MemoryDocumentStore documents) {
    this.tasks = tasks;
    this.documents = documents;
  }

  @Override
  public List<Versioned<Task>> ended(Instant before, @Nullable Task after, int limit) {
    return tasks.all().stream()
        .filter(t -> t.value().state().isFinished() && !t.value().deleted())
        .filter(
            t ->
                t.value().run().finishedAt() != null
                    && t.value().run().finishedAt().isBefore(before))
        .filter(t -> after == null || EARLIEST_END.compare(t.value(), after) > 0)
        .sorted(Comparator.comparing(Versioned::value, EARLIEST_END))
        .limit(limit)
        .toList();
  }

  @Override
  public Set<TaskId> waitedFor(Collection<TaskId> ids) {
    return tasks.all().stream()
        .map(Versioned::value)
        .filter(t -> t.state() == TaskState.UNFINISHED_DEPENDENCY && !t.deleted())
        .flatMap(t -> t.dependsOn().stream())
        .map(dependency -> dependency.id())
        .filter(ids::contains)
        .collect(Collectors.toSet());
  }

  @Override
  public List<Versioned<Document>> registered(Instant before, @Nullable Document after, int limit) {
    return documents.all().stream()
        .filter(d -> !d.value().deleted() && d.value().purgeDue() == null)
        .filter(d -> d.value().createdAt().isBefore(before))
        .filter(d -> after == null || EARLIEST_REGISTRATION.compare(d.value(), after) > 0)
        .sorted(Comparator.comparing(Versioned::value, EARLIEST_REGISTRATION))
        .limit(limit)
        .toList();
  }

  @Override
  public Set<DocumentId> withTasks(Collection<DocumentId> ids) {
    return tasks.all().stream()
        .map(t -> t.value().spec().document().id())
        .filter(ids::contains)
        .collect(Collectors.toSet());
  }
}
