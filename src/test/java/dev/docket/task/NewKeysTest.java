package dev.docket.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.Problem;
import dev.docket.store.StoreUnavailable;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NewKeysTest {

  private final Set<TaskKey> withTasks = new HashSet<>();
  private boolean unavailable;
  private final KnownKeys known =
      new KnownKeys(
          key -> key.value().equals("CONFIGURED"),
          searched -> {
            if (unavailable) {
              throw new StoreUnavailable("down");
            }
            return searched.stream().filter(withTasks::contains).collect(Collectors.toSet());
          },
          Runnable::run);
  private final NewKeys keys = new NewKeys(known, 3);

  private void admit(String submitter, String... names) {
    Set<TaskKey> all = Set.of(names).stream().map(TaskKey::new).collect(Collectors.toSet());
    CompletionStage<Void> admitted = keys.admit(submitter, all);
    assertThat(admitted.toCompletableFuture()).isDone();
    admitted.toCompletableFuture().join();
  }

  @Test
  void limitsNewKeysOfEachSubmitter() {
    admit("ann", "A", "B");
    admit("ann", "C");

    assertThatThrownBy(() -> admit("ann", "D"))
        .hasCauseInstanceOf(Problem.class)
        .hasMessageContaining("no task with the key D yet")
        .hasMessageContaining("ann has introduced 3 keys")
        .hasMessageContaining("callers.maxNewKeys");
    admit("bob", "D");
  }

  @Test
  void keyOfOneSubmitterCountsOnce() {
    admit("ann", "A", "B", "C");

    admit("ann", "A", "B", "C");
  }

  @Test
  void configuredKeysAndKeysWithTasksDoNotCount() {
    withTasks.add(new TaskKey("OLD"));
    known.created(TaskSamples.task("RECENT"));
    admit("ann", "A", "B", "C");

    admit("ann", "CONFIGURED", "OLD", "RECENT");
  }

  @Test
  void newKeyFailsIfTheStoreCannotTell() {
    unavailable = true;

    assertThatThrownBy(() -> admit("ann", "A")).hasCauseInstanceOf(StoreUnavailable.class);
    admit("ann", "CONFIGURED");
  }
}
