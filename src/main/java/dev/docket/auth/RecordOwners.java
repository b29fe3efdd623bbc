package dev.docket.auth;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what decides about the access to records. */
@FunctionalInterface
public interface RecordOwners {

  /**
   * A stored record.
   *
   * @param taskKey the key of a task, or that of a result's task; null for documents
   */
  record OwnedBy(Owner owner, @Nullable String taskKey) {}

  /**
   * Reads a record in its latest version.
   *
   * @param id any text
   * @return completes with empty if there is no such record; fails with a problem of kind {@code
   *     UNAVAILABLE} if it cannot be read
   */
  CompletionStage<Optional<OwnedBy>> find(OwnedRecord kind, String id);
}
