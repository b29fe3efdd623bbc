package dev.docket.auth.key;

import dev.docket.auth.Caller;
import dev.docket.http.RequestOrigin;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Records changes of managed keys. */
@FunctionalInterface
public interface KeyAudit {

  /**
   * A change that a caller is about to make.
   *
   * @param action {@code key.create} or {@code key.revoke}
   * @param before the key before the change; null if it is new
   */
  record Change(
      Caller by, RequestOrigin origin, String action, String keyId, @Nullable ManagedKey before) {}

  /**
   * Makes a change after it was recorded.
   *
   * @return the stage of the change; fails with {@link dev.docket.store.StoreUnavailable}, and
   *     changes nothing, if the change cannot be recorded
   */
  CompletionStage<ManagedKey> perform(
      Change change, Supplier<? extends CompletionStage<ManagedKey>> action);
}
