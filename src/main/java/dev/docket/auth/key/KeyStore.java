package dev.docket.auth.key;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Port to the records of managed keys, which all servers share. */
public interface KeyStore {

  /** Creates a record. The stage never fails. */
  CompletionStage<WriteOutcome> create(ManagedKey key);

  /** Replaces a record if it still has this version. The stage never fails. */
  CompletionStage<WriteOutcome> replace(ManagedKey key, Version seen);

  /** Reads a record; fails with {@link StoreUnavailable}. Includes the latest write. */
  CompletionStage<Optional<Versioned<ManagedKey>>> find(String id);

  /** Completes when searches find what was written before; fails with {@link StoreUnavailable}. */
  CompletionStage<@Nullable Void> refreshed();

  /**
   * The keys that are neither revoked nor expired, as of the last refresh. Blocks.
   *
   * @throws StoreUnavailable if the search fails
   */
  List<ManagedKey> active(Instant now, int limit);

  /**
   * All keys in the order of their ids, as of the last refresh. Blocks.
   *
   * @param after the id of the last key on the previous page; null for the first page
   * @throws StoreUnavailable if the search fails
   */
  List<ManagedKey> list(@Nullable String after, int limit);
}
