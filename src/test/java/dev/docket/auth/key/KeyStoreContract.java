package dev.docket.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.concurrent.Stages;
import dev.docket.store.Version;
import dev.docket.store.WriteOutcome;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link KeyStore} does. */
public interface KeyStoreContract {

  Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  KeyStore keys();

  private static ManagedKey key(int number, @Nullable Instant expires) {
    return new ManagedKey(
        "%016x".formatted(number),
        "someone",
        "salt",
        "hash",
        Set.of("worker", "analyst"),
        number % 2 == 0 ? "radio" : null,
        number % 2 == 0 ? Set.of("ASR", "OCR") : null,
        NOW,
        "operator",
        expires,
        null,
        null);
  }

  private Version create(ManagedKey key) {
    WriteOutcome outcome = Stages.join(keys().create(key));
    assertThat(outcome).isInstanceOf(WriteOutcome.Stored.class);
    return ((WriteOutcome.Stored) outcome).version();
  }

  @Test
  default void findsWhatWasCreated() {
    ManagedKey key = key(1, null);
    ManagedKey limited = key(2, NOW.plusSeconds(1));
    create(key);
    create(limited);
    assertThat(Stages.join(keys().find(key.id())).orElseThrow().value()).isEqualTo(key);
    assertThat(Stages.join(keys().find(limited.id())).orElseThrow().value()).isEqualTo(limited);
    assertThat(Stages.join(keys().find("ffffffffffffffff"))).isEmpty();
    assertThat(Stages.join(keys().create(key))).isInstanceOf(WriteOutcome.Conflict.class);
  }

  @Test
  default void replacesTheVersionThatWasSeenOnly() {
    ManagedKey key = key(3, null);
    Version first = create(key);
    ManagedKey revoked = key.revoked(NOW.plusSeconds(5), "operator");
    assertThat(Stages.join(keys().replace(revoked, first))).isInstanceOf(WriteOutcome.Stored.class);
    assertThat(Stages.join(keys().replace(key, first))).isInstanceOf(WriteOutcome.Conflict.class);
    assertThat(Stages.join(keys().find(key.id())).orElseThrow().value()).isEqualTo(revoked);
  }

  @Test
  default void activeKeysAreNeitherRevokedNorExpired() {
    ManagedKey forever = key(4, null);
    ManagedKey longer = key(5, NOW.plusMillis(1));
    ManagedKey revoked = key(6, null);
    create(forever);
    create(longer);
    create(key(7, NOW));
    Stages.join(keys().replace(revoked.revoked(NOW, "operator"), create(revoked)));
    Stages.join(keys().refreshed());
    assertThat(keys().active(NOW, 10)).containsExactlyInAnyOrder(forever, longer);
    assertThat(keys().active(NOW, 1)).hasSize(1);
  }

  @Test
  default void listsPagesInTheOrderOfIds() {
    for (int number : new int[] {12, 10, 11}) {
      create(key(number, null));
    }
    Stages.join(keys().refreshed());
    assertThat(keys().list(null, 2)).containsExactly(key(10, null), key(11, null));
    assertThat(keys().list(key(11, null).id(), 2)).containsExactly(key(12, null));
  }
}
