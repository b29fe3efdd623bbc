package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.task.TaskKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceSlugTest {

  @Test
  void keyIsTheSlugInUpperCase() {
    assertThat(new ServiceSlug("asr-2_x").key()).isEqualTo(new TaskKey("ASR-2_X"));
    assertThat(ServiceSlug.of(new TaskKey("ASR-2_X"))).isEqualTo(new ServiceSlug("asr-2_x"));
  }

  @Test
  void idIsAUuidOfVersion5ThatNeverChanges() {
    assertThat(new ServiceSlug("asr").id().version()).isEqualTo(5);
    assertThat(new ServiceSlug("asr").id().variant()).isEqualTo(2);
    // Made with Python: uuid.uuid5(uuid.UUID("5f1c7a0e-0c53-4c39-9a57-3f0b1c7e2d84"), "asr")
    assertThat(new ServiceSlug("asr").id()).hasToString("821b8db3-5f2d-5b42-ac9a-7b3e6db7acb0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ASR", "a b", "a.b", "ä", "a/b", "asr\n", "ſ"})
  void rejectsOtherCharacters(String text) {
    assertThatThrownBy(() -> ServiceSlug.fromString(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be 1 to 64 characters of a-z 0-9 _ -");
  }

  @Test
  void rejectsMoreThan64Characters() {
    assertThat(ServiceSlug.fromString("a".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> ServiceSlug.fromString("a".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
