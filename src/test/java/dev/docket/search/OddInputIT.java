package dev.docket.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.backends.junit.BackendsExtension;
import dev.docket.document.Document;
import dev.docket.document.DocumentSamples;
import dev.docket.document.TargetType;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.client.ElasticSettings;
import dev.docket.elastic.index.IndexSettings;
import dev.docket.http.InvalidRequest;
import dev.docket.store.WriteOutcome;
import dev.docket.task.Task;
import dev.docket.task.TaskSamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that unusual input in any parameter is searched literally or rejected as invalid. */
final class OddInputIT {

  @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();
  static ElasticBackend elastic;

  private static final Map<String, Document> DOCUMENTS = new LinkedHashMap<>();
  private static final Map<String, Task> TASKS = new LinkedHashMap<>();

  /** Texts that records can contain. */
  static List<String> texts() {
    return List.of(
        "*",
        "?",
        "\\",
        "\\\\",
        "\\*",
        "\"",
        "\"unclosed",
        "'",
        "/",
        "//x/",
        "(",
        ")",
        "((",
        "[",
        "]",
        "[1 TO",
        "{",
        "}",
        "{}",
        ":",
        "a:b",
        "~",
        "^",
        "+",
        "-",
        "--",
        "&&",
        "||",
        "!",
        "AND OR NOT",
        "<script>",
        "' or 1=1",
        "%",
        "%00",
        "%ZZ",
        "\u0000",
        "a\u0000b",
        "\ufffd",
        "\ufeff",
        ".",
        "..",
        "a..b",
        " ",
        "\t\n",
        "\u2028",
        "\ud83d\udcfc",
        "\ud83d\udc69\u200d\ud83d\ude80",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
        "\u6f22\u5b57\u3000\u304b\u306a",
        "e\u0301\u0327",
        "_id",
        "x".repeat(8_192),
        "\u6f22".repeat(2_730));
  }

  /** Texts that no record can contain. */
  static List<String> impossible() {
    return List.of("\ud83d", "\udcfc", "a\ud83db", "x".repeat(10_000), "*".repeat(10_000));
  }

  static Stream<String> allTexts() {
    return Stream.concat(texts().stream(), impossible().stream());
  }

  @BeforeAll
  static void open() {
    elastic =
        new ElasticBackend(
            ElasticSettings.of(backends.elasticsearch().address()),
            new IndexSettings(backends.prefix() + "-input-", 1, 2, 0));
    elastic.install(Duration.ofSeconds(60));
    for (String text : texts()) {
      Document document =
          DocumentSamples.document(text, TargetType.IMAGE, text, Map.of("odd", text, text, "key"));
      DOCUMENTS.put(text, document);
      Task task = TaskSamples.task(document, "ODD", DocumentSamples.CREATED, Map.of("odd", text));
      TASKS.put(text, task);
      assertThat(elastic.documents().create(document).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Stored.class);
      assertThat(elastic.tasks().create(task).toCompletableFuture().join())
          .isInstanceOf(WriteOutcome.Stored.class);
    }
    elastic.documentSearch().search(SearchQuery.everything().fresh(true));
    elastic.taskSearch().search(SearchQuery.everything().fresh(true));
  }

  @AfterAll
  static void close() {
    elastic.close();
  }

  private static List<Document> documents(String name, String value) {
    return elastic
        .documentSearch()
        .search(SearchParameters.read(SearchFields.DOCUMENTS, Map.of(name, List.of(value))))
        .hits();
  }

  private static List<Task> tasks(String name, String value) {
    return elastic
        .taskSearch()
        .search(SearchParameters.read(SearchFields.TASKS, Map.of(name, List.of(value))))
        .hits();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void findsExactText(String text) {
    String escaped = TextPattern.literal(text).pattern();
    assertThat(documents("target.id", escaped)).containsExactly(DOCUMENTS.get(text));
    assertThat(documents("target.url", escaped)).containsExactly(DOCUMENTS.get(text));
    assertThat(documents("creator.id", escaped)).containsExactly(DOCUMENTS.get(text));
    assertThat(tasks("target.id", escaped)).containsExactly(TASKS.get(text));
    assertThat(tasks("creator.id", escaped)).containsExactly(TASKS.get(text));
    assertThat(documents("metadata.odd", escaped)).contains(DOCUMENTS.get(text));
    assertThat(tasks("args.odd", escaped)).contains(TASKS.get(text));
    if (text.length() < 200) {
      assertThat(documents("target.id", escaped + "*")).contains(DOCUMENTS.get(text));
      assertThat(documents("target.id", "*" + escaped + "*")).contains(DOCUMENTS.get(text));
      assertThat(documents("metadata.odd", escaped + "*")).contains(DOCUMENTS.get(text));
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void doesNotFindTextWithAdditionalCharacter(String text) {
    if (text.length() < 8_192) {
      String other = TextPattern.literal(text + "\u00a7").pattern();
      assertThat(documents("target.id", other)).isEmpty();
      if (text.length() < 1_000) {
        assertThat(tasks("args.odd", other)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("allTexts")
  void everyParameterAcceptsOrRejectsInput(String input) {
    Map<SearchFields, Function<SearchQuery, ?>> searches =
        Map.of(
            SearchFields.DOCUMENTS, elastic.documentSearch()::search,
            SearchFields.TASKS, elastic.taskSearch()::search,
            SearchFields.RESULTS, elastic.resultSearch()::search);
    searches.forEach(
        (fields, search) -> {
          TreeSet<String> names = new TreeSet<>(fields.texts());
          names.addAll(fields.numbers().keySet());
          names.addAll(SearchParameters.COMMON_PARAMETERS);
          fields.times().forEach(t -> names.addAll(List.of(t + "_from", t + "_to")));
          fields.objects().forEach(k -> names.add(k + ".odd"));
          names.add(input);
          names.add("target." + input);
          List<Map<String, List<String>>> requests = new ArrayList<>();
          names.forEach(name -> requests.add(Map.of(name, List.of(input))));
          fields
              .objects()
              .forEach(
                  k -> {
                    requests.add(Map.of(k + "." + input, List.of("key")));
                    requests.add(Map.of(k + "." + input, List.of(input)));
                  });
          for (Map<String, List<String>> parameters : requests) {
            assertSucceedsOrInvalid(() -> search.apply(SearchParameters.read(fields, parameters)));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("allTexts")
  void queryObjectsAcceptOrRejectInput(String input) {
    SearchQuery all = SearchQuery.everything();
    List<SearchQuery> queries = new ArrayList<>();
    if (input.length() <= 8_192) {
      queries.add(all.where("target.id", TextPattern.literal(input)));
      queries.add(all.where(input, TextPattern.literal(input)));
      queries.add(all.where("metadata." + input, TextPattern.literal(input)));
      queries.add(all.where("metadata.odd", new TextPattern("*x")));
    }
    queries.add(all.words(input));
    queries.add(all.sorted(new SearchQuery.Sort(input, true)));
    queries.add(all.after(new Cursor(SearchQuery.NEWEST_FIRST, input, input)));
    queries.add(
        all.sorted(new SearchQuery.Sort("creator.id", true))
            .after(new Cursor(new SearchQuery.Sort("creator.id", true), input, input)));
    for (SearchQuery query : queries) {
      assertSucceedsOrInvalid(() -> elastic.documentSearch().search(query));
      assertSucceedsOrInvalid(() -> elastic.taskSearch().search(query));
      assertSucceedsOrInvalid(
          () -> {
            try (Hits<Document> hits = elastic.documentSearch().all(query)) {
              return hits.next();
            }
          });
    }
  }

  private static void assertSucceedsOrInvalid(Supplier<?> search) {
    try {
      assertThat(search.get()).isNotNull();
    } catch (InvalidRequest e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void rejectsImpossibleInputByParameterName(String input) {
    for (String name : List.of("target.id", "metadata.odd", "q")) {
      assertThatThrownBy(() -> documents(name, input))
          .isInstanceOfSatisfying(
              InvalidRequest.class,
              invalid -> assertThat(invalid.errors().get(0).pointer()).isEqualTo(name));
    }
  }

  @Test
  void findsWordsOfAnyScript() {
    Map<String, String> wordsByTitle = new LinkedHashMap<>();
    wordsByTitle.put("The Night-Watch, reel 3 (1642)", "watch NIGHT 1642");
    wordsByTitle.put("\u591c\u5de1 \u963f\u59c6\u65af\u7279\u4e39", "\u591c\u5de1");
    wordsByTitle.put(
        "\u0627\u0644\u062d\u0627\u0631\u0633 \u0627\u0644\u0644\u064a\u0644\u064a",
        "\u0627\u0644\u0644\u064a\u0644\u064a");
    wordsByTitle.put(
        "\u041d\u043e\u0447\u043d\u043e\u0439 \u0434\u043e\u0437\u043e\u0440",
        "\u0414\u041e\u0417\u041e\u0420");
    wordsByTitle.put("caf\u00e9 composed", "cafe\u0301 composed");
    wordsByTitle.put("nai\u0308ve decomposed", "na\u00efve decomposed");
    wordsByTitle.put(
        "\u0939\u093f\u0928\u094d\u0926\u0940 \u0936\u092c\u094d\u0926",
        "\u0939\u093f\u0928\u094d\u0926\u0940");
    wordsByTitle.put("\ud55c\uad6d\uc5b4 \uae30\ub85d", "\ud55c\uad6d\uc5b4");
    wordsByTitle.put("reel \ud83d\udcfc tape", "tape \ud83d\udcfc");
    Map<String, Document> documents = new LinkedHashMap<>();
    wordsByTitle.forEach(
        (title, words) -> {
          Document document =
              DocumentSamples.document(
                  "words " + documents.size(),
                  TargetType.TEXT,
                  "words",
                  Map.of("in", Map.of("title", title)));
          documents.put(words, document);
          assertThat(elastic.documents().create(document).toCompletableFuture().join())
              .isInstanceOf(WriteOutcome.Stored.class);
        });
    elastic.documentSearch().search(SearchQuery.everything().fresh(true));
    documents.forEach(
        (words, document) -> assertThat(documents("q", words)).as(words).containsExactly(document));
    assertThat(documents("q", "night shift")).isEmpty();
    assertThatCode(() -> documents("q", "x ".repeat(500))).doesNotThrowAnyException();
  }

  @Test
  void pagesThroughLongestIds() {
    SearchQuery query =
        SearchQuery.everything().sorted(new SearchQuery.Sort("creator.id", false)).size(3);
    List<Document> seen = new ArrayList<>();
    Cursor after = null;
    do {
      Page<Document> page = elastic.documentSearch().search(query.after(after));
      seen.addAll(page.hits());
      Cursor next = page.next();
      after =
          next == null
              ? null
              : SearchParameters.read(
                      SearchFields.DOCUMENTS,
                      Map.of("sort", List.of("creator.id"), "cursor", List.of(next.text())))
                  .after();
    } while (after != null);
    assertThat(seen).doesNotHaveDuplicates().containsAll(DOCUMENTS.values());
  }
}
