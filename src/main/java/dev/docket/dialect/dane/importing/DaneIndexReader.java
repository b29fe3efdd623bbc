package dev.docket.dialect.dane.importing;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads DANE's index by scrolls over the HTTP API that Elasticsearch 7.9 to 8 have in common. */
final class DaneIndexReader implements DaneRecords {

  /**
   * How long Elasticsearch keeps a scroll between two requests; a page must be imported by then.
   */
  private static final String KEEP_ALIVE = "30m";

  private static final int PAGE_SIZE = 500;

  /** A payload may have megabytes. */
  private static final int PAGE_SIZE_WITH_PAYLOADS = 20;

  private static final int MAX_EXAMPLES = 5;
  private static final int MAX_RESTARTS = 3;
  private static final Map<String, ?> MATCH_ALL = Map.of("match_all", Map.of());

  private final DaneConnection connection;
  private final DaneHttp http;

  /**
   * @param progress receives a line for each request that is repeated
   */
  DaneIndexReader(DaneConnection connection, Consumer<String> progress) {
    this(connection, Duration.ofMillis(500), progress);
  }

  DaneIndexReader(DaneConnection connection, Duration firstDelay, Consumer<String> progress) {
    this.connection = connection;
    this.http = new DaneHttp(connection, firstDelay, progress);
  }

  @Override
  public long count(RecordType type) {
    return find(withRole(type), 0, hit -> {}).total();
  }

  @Override
  public void documents(Consumer<List<DaneHit>> page) {
    List<DaneHit> hits = new ArrayList<>();
    boolean complete =
        scroll(
            search(withRole(RecordType.DOCUMENT), PAGE_SIZE, true),
            hits::add,
            () -> {
              page.accept(List.copyOf(hits));
              hits.clear();
            });
    if (!complete) {
      throw new ImportFailed(
          "a page of documents of " + connection + " was lost on the way; import again");
    }
  }

  @Override
  public List<DaneHit> tasksOf(Collection<String> documents) {
    List<DaneHit> tasks = new ArrayList<>();
    each(
        search(children(RecordType.TASK, RecordType.DOCUMENT, documents), PAGE_SIZE, true),
        tasks::add);
    return tasks;
  }

  @Override
  public void resultsOf(Collection<String> tasks, Consumer<DaneHit> result) {
    each(resultSearch(tasks, PAGE_SIZE_WITH_PAYLOADS, true), result);
  }

  @Override
  public void resultIdsOf(Collection<String> tasks, Consumer<DaneHit> result) {
    each(resultSearch(tasks, PAGE_SIZE, List.of("role")), result);
  }

  /** Passes on each hit once, also if a page is lost and the search starts again. */
  private void each(Map<String, ?> search, Consumer<DaneHit> consumer) {
    Set<String> seen = new HashSet<>();
    Consumer<DaneHit> once =
        hit -> {
          if (seen.add(hit.id())) {
            consumer.accept(hit);
          }
        };
    for (int restarts = 0; restarts <= MAX_RESTARTS; restarts++) {
      if (scroll(search, once, () -> {})) {
        return;
      }
    }
    throw new ImportFailed("a search of " + connection + " stayed incomplete; import again");
  }

  @Override
  public List<Unreachable> unreachable() {
    Map<String, ?> noDocument = not(hasParent(RecordType.DOCUMENT, MATCH_ALL));
    Map<String, ?> noTask = not(hasParent(RecordType.TASK, MATCH_ALL));
    List<Unreachable> found = new ArrayList<>();
    add(found, RecordType.TASK, ImportFinding.NO_DOCUMENT, noDocument);
    add(found, RecordType.RESULT, ImportFinding.NO_TASK, noTask);
    add(
        found,
        RecordType.RESULT,
        ImportFinding.TASK_NOT_IMPORTED,
        hasParent(RecordType.TASK, noDocument));
    return found;
  }

  private void add(
      List<Unreachable> found, RecordType type, ImportFinding finding, Map<String, ?> query) {
    List<String> examples = new ArrayList<>();
    long total =
        find(both(withRole(type), query), MAX_EXAMPLES, hit -> examples.add(hit.id())).total();
    if (total > 0) {
      found.add(new Unreachable(type, finding, total, examples));
    }
  }

  private SearchPage find(Map<String, ?> query, int size, Consumer<DaneHit> consumer) {
    return read(http.send("POST", searchPath(), search(query, size, false)), consumer);
  }

  private String searchPath() {
    return "/" + connection.index() + "/_search?allow_partial_search_results=false";
  }

  /** Other statuses than 200 stop the import. */
  private SearchPage read(HttpResponse<byte[]> response, Consumer<DaneHit> consumer) {
    if (response.statusCode() != 200) {
      throw http.failure(response);
    }
    return SearchPage.read(response.body(), consumer);
  }

  /**
   * Scrolls through the hits of a search. Returns false if hits were lost: a response on the way,
   * or the scroll itself.
   */
  private boolean scroll(Map<String, ?> search, Consumer<DaneHit> hit, Runnable endOfPage) {
    String path = searchPath() + "&scroll=" + KEEP_ALIVE;
    SearchPage page = read(http.send("POST", path, search), hit);
    endOfPage.run();
    long seen = page.hits();
    try {
      while (page.hits() > 0 && seen < page.total()) {
        Map<String, String> next = Map.of("scroll", KEEP_ALIVE, "scroll_id", page.scrollId());
        HttpResponse<byte[]> response = http.send("POST", "/_search/scroll", next);
        if (response.statusCode() == 404) {
          return false;
        }
        page = read(response, hit);
        if (!page.complete()) {
          return false;
        }
        endOfPage.run();
        seen += page.hits();
      }
      return seen == page.total();
    } finally {
      http.send("DELETE", "/_search/scroll", Map.of("scroll_id", page.scrollId()));
    }
  }

  /**
   * A search.
   *
   * @param source what to return of a hit: true, false or a list of names
   */
  private static Map<String, ?> search(Map<String, ?> query, int size, Object source) {
    return Map.of(
        "size", size,
        "track_total_hits", true,
        "sort", List.of("_doc"),
        "query", query,
        "_source", source);
  }

  private static Map<String, ?> withRole(RecordType type) {
    return Map.of("term", Map.of("role", type.role()));
  }

  /** Elasticsearch indexes the parent of a record in a field that is named after its type. */
  private static Map<String, ?> children(
      RecordType type, RecordType parentType, Collection<String> parents) {
    return both(withRole(type), Map.of("terms", Map.of("role#" + parentType.role(), parents)));
  }

  private static Map<String, ?> resultSearch(Collection<String> tasks, int size, Object source) {
    return search(children(RecordType.RESULT, RecordType.TASK, tasks), size, source);
  }

  private static Map<String, ?> both(Map<String, ?> one, Map<String, ?> other) {
    return Map.of("bool", Map.of("filter", List.of(one, other)));
  }

  private static Map<String, ?> not(Map<String, ?> clause) {
    return Map.of("bool", Map.of("must_not", List.of(clause)));
  }

  private static Map<String, ?> hasParent(RecordType type, Map<String, ?> clause) {
    return Map.of("has_parent", Map.of("parent_type", type.role(), "query", clause));
  }
}
