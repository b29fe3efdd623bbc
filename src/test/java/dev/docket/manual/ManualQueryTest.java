package dev.docket.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.auth.TaskKeyForbidden;
import dev.docket.http.InvalidRequest;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManualQueryTest {

  private static final Caller ADA =
      new Caller("ada", null, Set.of("worker"), Set.of("SCAN"), OwnerFilter.ALL, OwnerFilter.ALL);

  @Test
  void selectsWhatTheCallerMayDo() {
    ManualQuery query = ManualQuery.open(ADA).with(ADA, "scan", 10, "", true);

    assertThat(query.allowedKeys()).containsExactly("SCAN");
    assertThat(query.key()).isEqualTo(new TaskKey("SCAN"));
    assertThat(query.after()).isNull();
    assertThat(query.fresh()).isTrue();
  }

  @Test
  void rejectsKeyOfOthers() {
    assertThatThrownBy(() -> ManualQuery.open(ADA).with(ADA, "OCR", null, null, false))
        .isInstanceOf(TaskKeyForbidden.class);
  }

  @Test
  void rejectsSizeOutOfRange() {
    assertThatThrownBy(() -> ManualQuery.open(ADA).with(ADA, null, 201, null, false))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("size")
        .hasMessageContaining("between 1 and 200");
  }

  @Test
  void readsItsOwnCursor() {
    ManualPosition position = ManualPosition.of(TaskSamples.task("SCAN"));

    assertThat(ManualQuery.open(ADA).with(ADA, null, null, position.text(), false).after())
        .isEqualTo(position);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "***", "MSAy", "NSA5OTk5OTk5OTk5OTk5OTk5OTk5OSBh"})
  void rejectsOtherCursors(String cursor) {
    assertThatThrownBy(() -> ManualQuery.open(ADA).with(ADA, null, null, cursor, false))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("cursor");
  }

  @Test
  void personIsTheCallerIfThereAreCredentials() {
    assertThat(Person.of(ADA, "Bob")).contains(new Person("ada"));
    assertThat(Person.of(Caller.ANONYMOUS, " Bob ")).contains(new Person("Bob"));
    assertThat(Person.of(Caller.ANONYMOUS, " ")).isEmpty();
    assertThat(Person.of(Caller.ANONYMOUS, null)).isEmpty();
    assertThatThrownBy(() -> Person.of(Caller.ANONYMOUS, "x".repeat(257)))
        .isInstanceOf(InvalidRequest.class);
  }
}
