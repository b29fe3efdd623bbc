package dev.docket.service;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Port to the records of services, which all servers share. */
public interface ServiceStore {

  /** Creates a record. The stage never fails. */
  CompletionStage<WriteOutcome> create(StoredService service);

  /** Replaces a record if it still has this version. The stage never fails. */
  CompletionStage<WriteOutcome> replace(StoredService service, Version seen);

  /** Removes a record if it still has this version. The stage never fails. */
  CompletionStage<WriteOutcome> remove(ServiceSlug slug, Version seen);

  /** Reads a record; fails with {@link StoreUnavailable}. Includes the latest write. */
  CompletionStage<Optional<Versioned<StoredService>>> find(ServiceSlug slug);

  /** Completes when searches find what was written before; fails with {@link StoreUnavailable}. */
  CompletionStage<@Nullable Void> refreshed();

  /**
   * All records, as of the last refresh. Blocks. Transfers those only whose version is not known,
   * so that a server can call it every few seconds.
   *
   * @param known the records as of the last call, which are in the result if they have not changed
   * @throws StoreUnavailable if the search fails
   */
  List<Versioned<StoredService>> all(Collection<Versioned<StoredService>> known, int limit);
}
