package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class CursorTest {

  private static final SearchQuery.Sort NEWEST = new SearchQuery.Sort("created_at", true);
  private static final SearchQuery.Sort KEY = new SearchQuery.Sort("key", false);

  @Test
  void roundTrips() {
    Cursor number = new Cursor(NEWEST, Long.MIN_VALUE, "id");
    assertThat(Cursor.of(number.text(), NEWEST, true)).isEqualTo(number);
    Cursor text = new Cursor(KEY, "A\"\\ü\0", "id");
    assertThat(Cursor.of(text.text(), KEY, false)).isEqualTo(text);
    Cursor none = new Cursor(KEY, null, "id");
    assertThat(Cursor.of(none.text(), KEY, false)).isEqualTo(none);
  }

  @Test
  void textNeedsNoUrlEncoding() {
    assertThat(new Cursor(KEY, "???>>>~~~ÿ", "id").text()).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void rejectsCursorOfAnotherSort() {
    String text = new Cursor(NEWEST, 1L, "id").text();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cursor.of(text, new SearchQuery.Sort("created_at", false), true));
    assertThatIllegalArgumentException().isThrownBy(() -> Cursor.of(text, KEY, false));
  }

  @Test
  void rejectsInvalidText() {
    for (String json :
        new String[] {
          "",
          "[]",
          "{}",
          "null",
          "[\"-created_at\",1]",
          "[\"-created_at\",\"a\",\"id\"]",
          "[\"-created_at\",1.5,\"id\"]",
          "[\"-created_at\",99999999999999999999,\"id\"]",
          "[\"-created_at\",{},\"id\"]",
          "[\"-created_at\",1,7]",
          "[".repeat(5_000)
        }) {
      String text = Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
      assertThatIllegalArgumentException().as(json).isThrownBy(() -> Cursor.of(text, NEWEST, true));
    }
    for (String text : new String[] {"", "%%%", "a", "x".repeat(30_000)}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Cursor.of(text, NEWEST, true));
    }
  }
}
