package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.auth.OwnerFilter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SearchQueryTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void eachMethodChangesOnlyItsComponent() {
    SearchQuery.Sort sort = new SearchQuery.Sort("id", false);
    Cursor after = new Cursor(sort, null, "x");
    assertThat(
            SearchQuery.everything()
                .where("key", TextPattern.literal("A*"), new TextPattern("B*"))
                .where("id", List.of(new TextPattern("x")))
                .between("created_at", NOON, null)
                .words("some words")
                .sorted(sort)
                .size(7)
                .after(after)
                .facets("key", "state")
                .fresh(true)
                .skip(3)
                .countAll(true))
        .isEqualTo(
            new SearchQuery(
                List.of(
                    new SearchQuery.Filter(
                        "key", List.of(new TextPattern("A\\*"), new TextPattern("B*"))),
                    new SearchQuery.Filter("id", List.of(new TextPattern("x")))),
                List.of(new SearchQuery.Range("created_at", NOON, null)),
                "some words",
                sort,
                7,
                after,
                List.of("key", "state"),
                true,
                3,
                true,
                OwnerFilter.ALL));
  }

  @Test
  void rejectsInvalidSizeAndSkip() {
    SearchQuery all = SearchQuery.everything();
    assertThatIllegalArgumentException().isThrownBy(() -> all.size(0));
    assertThatIllegalArgumentException().isThrownBy(() -> all.size(1_001));
    assertThatIllegalArgumentException().isThrownBy(() -> all.skip(-1));
  }
}
