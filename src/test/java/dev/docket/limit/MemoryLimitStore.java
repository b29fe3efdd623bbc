package dev.docket.limit;

import dev.docket.store.StoreUnavailable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Limits in memory. Stages are already complete when they are returned. */
final class MemoryLimitStore implements LimitStore {

  private final Map<TaskKey, Versioned<LimitSetting>> settings = new TreeMap<>();
  private long sequence;

  /** Whether reads fail. */
  boolean unavailable;

  /** Called before the next write, once. */
  Runnable beforeWrite = () -> {};

  @Override
  public CompletionStage<Optional<Versioned<LimitSetting>>> find(TaskKey key) {
    return CompletableFuture.completedStage(Optional.ofNullable(settings.get(key)));
  }

  @Override
  public CompletionStage<WriteOutcome> write(LimitSetting setting, Version seen) {
    Runnable before = beforeWrite;
    beforeWrite = () -> {};
    before.run();
    Versioned<LimitSetting> current = settings.get(setting.id());
    if (seen == null ? current != null : !seen.equals(current.version())) {
      return CompletableFuture.completedStage(new WriteOutcome.Conflict());
    }
    Version version = new Version(++sequence, 1);
    settings.put(setting.id(), new Versioned<>(setting, version));
    return CompletableFuture.completedStage(new WriteOutcome.Stored(version));
  }

  @Override
  public CompletionStage<Void> refreshed() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public List<Versioned<LimitSetting>> list(int limit) {
    if (unavailable) {
      throw new StoreUnavailable("down");
    }
    return new ArrayList<>(settings.values());
  }
}
