package dev.docket.limit;

import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stores the limits that were set over HTTP. */
public interface LimitStore {

  /** Reads the setting of a key. */
  CompletionStage<Optional<Versioned<LimitSetting>>> find(TaskKey key);

  /**
   * Writes a setting if it has not changed since it was read.
   *
   * @param seen the version that was read; null if there was none
   */
  CompletionStage<WriteOutcome> write(LimitSetting setting, @Nullable Version seen);

  /** Completes when searches find all writes before this call. */
  CompletionStage<@Nullable Void> refreshed();

  /** Reads settings in the order of their keys. Blocks. */
  List<Versioned<LimitSetting>> list(int limit);
}
