package dev.docket.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contract of {@link WorkerStore}. Each test starts with an empty store. */
public interface WorkerStoreContract {

  Instant NOON = Instant.parse("2026-03-01T12:00:00.000Z");

  WorkerStore workers();

  /** Makes writes visible to searches. */
  void refresh();

  private KnownWorker put(String name, int seconds) {
    KnownWorker worker =
        new KnownWorker(
            name,
            "node7",
            "1.0",
            List.of("ASR", "OCR"),
            List.of("Video"),
            2,
            1,
            NOON.plusSeconds(seconds));
    assertThat(workers().put(worker).toCompletableFuture().join())
        .isInstanceOf(WriteOutcome.Stored.class);
    return worker;
  }

  @Test
  default void findsWorkersSeenSinceATimeInOrderOfName() {
    KnownWorker second = put("b", 5);
    KnownWorker first = put("a", 4);
    put("old", 3);
    KnownWorker unicode = put("работник 📼 / \"x\"", 9);
    refresh();
    assertThat(workers().seenSince(NOON.plusSeconds(4), 10))
        .containsExactly(first, second, unicode);
    assertThat(workers().seenSince(NOON.plusSeconds(4), 1)).containsExactly(first);
  }

  @Test
  default void unreportedFieldsStayNull() {
    KnownWorker bare = new KnownWorker("bare", null, null, null, null, null, null, NOON);
    workers().put(bare).toCompletableFuture().join();
    refresh();
    assertThat(workers().seenSince(NOON, 10)).containsExactly(bare);
  }

  @Test
  default void replacesTheRecordOfTheSameName() {
    put("a", 1);
    KnownWorker again = put("a", 2);
    refresh();
    assertThat(workers().seenSince(NOON, 10)).containsExactly(again);
  }

  @Test
  default void removesSilentWorkersUpToTheLimit() {
    put("a", 1);
    put("b", 2);
    put("c", 3);
    KnownWorker recent = put("d", 4);
    refresh();
    assertThat(workers().removeSilent(NOON.plusSeconds(4), 2)).isEqualTo(2);
    refresh();
    assertThat(workers().removeSilent(NOON.plusSeconds(4), 2)).isEqualTo(1);
    refresh();
    assertThat(workers().removeSilent(NOON.plusSeconds(4), 2)).isZero();
    assertThat(workers().seenSince(NOON, 10)).containsExactly(recent);
  }
}
