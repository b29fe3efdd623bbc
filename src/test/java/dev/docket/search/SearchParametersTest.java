package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.OwnerFilter;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SearchParametersTest {

  private static SearchQuery tasks(String name, String... values) {
    return SearchParameters.read(SearchFields.TASKS, Map.of(name, List.of(values)));
  }

  private static SearchQuery.Filter filter(String field, String... values) {
    return new SearchQuery.Filter(field, List.of(values).stream().map(TextPattern::new).toList());
  }

  @Test
  void defaultsToNewestFifty() {
    assertThat(SearchParameters.read(SearchFields.TASKS, Map.of()))
        .isEqualTo(
            new SearchQuery(
                List.of(),
                List.of(),
                null,
                new SearchQuery.Sort("created_at", true),
                50,
                null,
                List.of(),
                false,
                0,
                false,
                OwnerFilter.ALL));
  }

  @Test
  void readsFiltersByFieldName() {
    for (String name : SearchFields.TASKS.texts()) {
      if (!List.of("state", "key", "target.type").contains(name)) {
        assertThat(tasks(name, "a*", "b").filters()).containsExactly(filter(name, "a*", "b"));
      }
    }
    assertThat(tasks("args.model.name", "large*").filters())
        .containsExactly(filter("args.model.name", "large*"));
    assertThat(tasks("priority", "7").filters()).containsExactly(filter("priority", "7"));
  }

  @Test
  void convertsKeyToUpperCase() {
    assertThat(tasks("key", "asr*").filters()).containsExactly(filter("key", "ASR*"));
  }

  @ParameterizedTest
  @CsvSource({"202,202", "9*,9\\*", "QUEUED,202", "queued,202", "Error_Proxy,503"})
  void acceptsStateByNumberOrName(String value, String state) {
    assertThat(tasks("state", value).filters()).containsExactly(filter("state", state));
  }

  @Test
  void replacesPatternsOfStatesAndTypesByMatchingValues() {
    assertThat(tasks("state", "?22").filters()).containsExactly(filter("state", "422"));
    assertThat(tasks("state", "4*").filters())
        .singleElement()
        .satisfies(
            filter ->
                assertThat(filter.values())
                    .isNotEmpty()
                    .allMatch(value -> value.exact() && value.literal().startsWith("4")));
    assertThat(tasks("target.type", "V*").filters())
        .containsExactly(filter("target.type", "Video"));
  }

  @Test
  void readsHalfOpenTimeRanges() {
    SearchQuery query =
        SearchParameters.read(
            SearchFields.TASKS,
            Map.of(
                "created_from", List.of("2026-03-01T12:00:00Z"),
                "created_to", List.of("2026-03-01T15:30:00.5+02:00"),
                "due_to", List.of("2026-03-02T00:00:00Z")));
    assertThat(query.ranges())
        .containsExactlyInAnyOrder(
            new SearchQuery.Range(
                "created_at",
                Instant.parse("2026-03-01T12:00:00Z"),
                Instant.parse("2026-03-01T13:30:00.500Z")),
            new SearchQuery.Range("due_at", null, Instant.parse("2026-03-02T00:00:00Z")));
  }

  @Test
  void readsTimesOfAllYearsThatRecordsCanHave() {
    for (String time : List.of("0001-01-01T00:00:00Z", "9998-12-31T23:59:59Z")) {
      assertThat(tasks("created_from", time).ranges())
          .containsExactly(new SearchQuery.Range("created_at", Instant.parse(time), null));
    }
  }

  @Test
  void readsCommonParameters() {
    SearchQuery query =
        SearchParameters.read(
            SearchFields.TASKS,
            Map.of(
                "q", List.of("out of memory"),
                "sort", List.of("-run_ms"),
                "size", List.of("1000"),
                "facets", List.of("state,key, lease.worker,state"),
                "fresh", List.of("true")));
    assertThat(query)
        .isEqualTo(
            new SearchQuery(
                List.of(),
                List.of(),
                "out of memory",
                new SearchQuery.Sort("run_ms", true),
                1000,
                null,
                List.of("state", "key", "lease.worker"),
                true,
                0,
                false,
                OwnerFilter.ALL));
    assertThat(tasks("fresh", "false").fresh()).isFalse();
    assertThat(tasks("facets", "").facets()).isEmpty();
    assertThat(tasks("q", " ").words()).isNull();
  }

  @Test
  void readsFiltersOfResults() {
    SearchQuery query =
        SearchParameters.read(
            SearchFields.RESULTS,
            Map.of(
                "key", List.of("asr"),
                "attempt", List.of("2", "1000"),
                "generator.id", List.of("whisper*"),
                "payload.format.mime", List.of("image/*"),
                "target.id", List.of("film/*"),
                "sort", List.of("-attempt")));
    assertThat(query)
        .isEqualTo(
            SearchQuery.everything()
                .where("attempt", new TextPattern("2"), new TextPattern("1000"))
                .where("generator.id", new TextPattern("whisper*"))
                .where("key", new TextPattern("ASR"))
                .where("payload.format.mime", new TextPattern("image/*"))
                .where("target.id", new TextPattern("film/*"))
                .where("latest", new TextPattern("true"))
                .sorted(new SearchQuery.Sort("attempt", true)));
  }

  @Test
  void findsLatestResultsUnlessRequestedOtherwise() {
    assertThat(SearchParameters.read(SearchFields.RESULTS, Map.of()).filters())
        .containsExactly(filter("latest", "true"));
    assertThat(results("latest", "true").filters()).containsExactly(filter("latest", "true"));
    assertThat(results("latest", "false").filters()).containsExactly(filter("latest", "false"));
    assertThat(results("latest", "all").filters()).isEmpty();
  }

  private static SearchQuery results(String name, String value) {
    return SearchParameters.read(SearchFields.RESULTS, Map.of(name, List.of(value)));
  }

  @ParameterizedTest
  @CsvSource({
    "latest,yes,'latest: must be one of true, false, all'",
    "latest,'','latest: must be one of true, false, all'",
    "payload,small,'payload: must be full or omitted'"
  })
  void namesAllowedChoices(String name, String value, String message) {
    assertThatThrownBy(() -> results(name, value))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(message);
  }

  @Test
  void readsWhetherPayloadsAreWhole() {
    assertThat(SearchParameters.wholePayloads(Map.of("payload", List.of("full")))).isTrue();
    assertThat(SearchParameters.wholePayloads(Map.of("payload.x", List.of("full")))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "q,words",
    "attempt,-1",
    "attempt,x",
    "attempt,2147483648",
    "latest,2",
    "generator.id,*a",
    "generator,x",
    "creator.name,x",
    "payload.x,*a",
    "payload,1"
  })
  void rejectsParametersThatResultsDoNotHave(String name, String value) {
    assertThatThrownBy(
            () -> SearchParameters.read(SearchFields.RESULTS, Map.of(name, List.of(value))))
        .isInstanceOfSatisfying(
            InvalidRequest.class,
            invalid -> assertThat(invalid.errors().get(0).pointer()).isEqualTo(name));
  }

  @Test
  void exportRejectsPageParameters() {
    Map<String, List<String>> parameters = Map.of("key", List.of("ASR"), "fresh", List.of("true"));
    assertThat(SearchParameters.readExport(SearchFields.TASKS, parameters))
        .isEqualTo(SearchParameters.read(SearchFields.TASKS, parameters));
    for (String name : List.of("size", "cursor", "facets")) {
      assertThatThrownBy(
              () -> SearchParameters.readExport(SearchFields.TASKS, Map.of(name, List.of("1"))))
          .isInstanceOfSatisfying(
              InvalidRequest.class,
              invalid -> assertThat(invalid.errors().get(0).pointer()).isEqualTo(name));
    }
  }

  @Test
  void readsCursor() {
    Cursor cursor = new Cursor(new SearchQuery.Sort("created_at", true), 5L, "id");
    assertThat(tasks("cursor", cursor.text()).after()).isEqualTo(cursor);
  }

  @ParameterizedTest
  @CsvSource({
    "size,0",
    "size,1001",
    "size,-1",
    "size,1.5",
    "size,x",
    "size,''",
    "size,99999999999",
    "state,600x",
    "state,FINE",
    "state,2000",
    "state,4x",
    "state,''",
    "target.type,Film",
    "priority,11",
    "priority,high",
    "priority,*",
    "sort,message",
    "sort,''",
    "sort,--created_at",
    "facets,message",
    "facets,'state,'",
    "fresh,yes",
    "fresh,''",
    "created_from,yesterday",
    "created_from,2026-03-01",
    "created_to,2026-03-01T12:00:00",
    "created_to,9999-12-31T23:59:59Z",
    "created_to,0000-01-01T00:00:00Z",
    "due_to,2026-02-30T00:00:00Z",
    "cursor,xyz",
    "cursor,''",
    "id,''",
    "tags,a\\",
    "args.a,*b",
    "args.a,a*b*",
    "args.a,a?"
  })
  void rejectsInvalidValueByParameterName(String name, String value) {
    assertThatThrownBy(() -> tasks(name, value))
        .isInstanceOfSatisfying(
            InvalidRequest.class,
            invalid ->
                assertThat(invalid.errors())
                    .singleElement()
                    .extracting(Problem.FieldError::pointer)
                    .isEqualTo(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stat",
        "State",
        "message",
        "created_at",
        "target",
        "args",
        "args.",
        "metadata.x",
        ""
      })
  void rejectsUnknownParameterAndNamesAllowedOnes(String name) {
    assertThatThrownBy(() -> tasks(name, "x"))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining(name)
        .hasMessageContaining("created_from")
        .hasMessageContaining("target.type")
        .hasMessageContaining("cursor");
  }

  @Test
  void readsFiltersOfDocuments() {
    for (String name : SearchFields.DOCUMENTS.texts()) {
      if (!name.equals("target.type")) {
        assertThat(
                SearchParameters.read(SearchFields.DOCUMENTS, Map.of(name, List.of("x"))).filters())
            .containsExactly(filter(name, "x"));
      }
    }
    assertThatThrownBy(
            () -> SearchParameters.read(SearchFields.DOCUMENTS, Map.of("state", List.of("202"))))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void rejectsTooLongAndTooManyValues() {
    String long10000 = "x".repeat(10_000);
    for (String name :
        List.of("tags", "q", "args.a", "target.id", "key", "state", "cursor", "sort")) {
      assertThatThrownBy(() -> tasks(name, long10000)).as(name).isInstanceOf(InvalidRequest.class);
    }
    assertThatThrownBy(() -> tasks("args." + long10000, "x")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> tasks(long10000, "x"))
        .isInstanceOf(InvalidRequest.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000));
    assertThatThrownBy(() -> tasks("tags", Collections.nCopies(101, "x").toArray(String[]::new)))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> tasks("size", "1", "2")).isInstanceOf(InvalidRequest.class);
  }
}
