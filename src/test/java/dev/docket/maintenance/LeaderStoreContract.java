package dev.docket.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import dev.docket.task.TaskKey;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Contract of {@link LeaderStore}. */
public interface LeaderStoreContract {

  /** Returns a store without a record. */
  LeaderStore store();

  @Test
  default void onlyOneWriterWinsAndReadReturnsItsRecord() {
    LeaderStore store = store();
    assertThat(store.read()).isEmpty();
    Instant since = Instant.parse("2026-03-01T10:00:00.123Z");
    Leader first =
        new Leader(
            "a",
            "höst",
            since,
            since.plusMillis(2),
            1,
            Map.of(TaskKey.fromString("ASR"), since.plusMillis(1)),
            3);
    assertThat(store.write(first, null)).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(store.write(new Leader("b", "h", since, null, 1, Map.of(), 1), null))
        .isInstanceOf(WriteOutcome.Conflict.class);

    Versioned<Leader> seen = store.read().orElseThrow();
    assertThat(seen.value()).isEqualTo(first);
    Leader second = new Leader(null, "h", since, null, 2, Map.of(), 2);
    assertThat(store.write(second, seen.version())).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(store.write(first, seen.version())).isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(store.read().orElseThrow().value()).isEqualTo(second);
  }
}
