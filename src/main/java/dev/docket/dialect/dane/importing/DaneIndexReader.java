package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
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
    Scroll scroll = new Scroll(search(withRole(RecordType.DOCUMENT), PAGE_SIZE));
    boolean complete =
        scroll.run(
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
    each(search(children(RecordType.TASK, RecordType.DOCUMENT, documents), PAGE_SIZE), tasks::add);
    return tasks;
  }

  @Override
  public void resultsOf(Collection<String> tasks, Consumer<DaneHit> result) {
    each(
        search(children(RecordType.RESULT, RecordType.TASK, tasks), PAGE_SIZE_WITH_PAYLOADS),
        result);
  }

  @Override
  public void resultIdsOf(Collection<String> tasks, Consumer<DaneHit> result) {
    ObjectNode search = search(children(RecordType.RESULT, RecordType.TASK, tasks), PAGE_SIZE);
    search.putArray("_source").add("role");
    each(search, result);
  }

  /** Passes on each hit once, also if a page is lost and the search starts again. */
  private void each(ObjectNode search, Consumer<DaneHit> consumer) {
    Set<String> seen = new HashSet<>();
    for (int restarts = 0; restarts <= MAX_RESTARTS; restarts++) {
      boolean complete =
          new Scroll(search)
              .run(
                  hit -> {
                    if (seen.add(hit.id())) {
                      consumer.accept(hit);
                    }
                  },
                  () -> {});
      if (complete) {
        return;
      }
    }
    throw new ImportFailed("a search of " + connection + " stayed incomplete; import again");
  }

  @Override
  public List<Unreachable> unreachable() {
    ObjectNode orphanTask =
        both(withRole(RecordType.TASK), not(hasParent(RecordType.DOCUMENT, matchAll())));
    ObjectNode orphanResult =
        both(withRole(RecordType.RESULT), not(hasParent(RecordType.TASK, matchAll())));
    ObjectNode resultOfOrphan =
        both(
            withRole(RecordType.RESULT),
            hasParent(RecordType.TASK, not(hasParent(RecordType.DOCUMENT, matchAll()))));
    List<Unreachable> found = new ArrayList<>();
    add(found, RecordType.TASK, ImportFinding.NO_DOCUMENT, orphanTask);
    add(found, RecordType.RESULT, ImportFinding.NO_TASK, orphanResult);
    add(found, RecordType.RESULT, ImportFinding.TASK_NOT_IMPORTED, resultOfOrphan);
    return found;
  }

  private void add(
      List<Unreachable> found, RecordType type, ImportFinding finding, ObjectNode query) {
    List<String> examples = new ArrayList<>();
    long total = find(query, MAX_EXAMPLES, hit -> examples.add(hit.id())).total();
    if (total > 0) {
      found.add(new Unreachable(type, finding, total, examples));
    }
  }

  private SearchPage find(ObjectNode query, int size, Consumer<DaneHit> consumer) {
    ObjectNode search = search(query, size);
    search.put("_source", false);
    return page("/" + connection.index() + "/_search", search, consumer);
  }

  /** Sends a search. Other statuses than 200 stop the import. */
  private SearchPage page(String path, ObjectNode search, Consumer<DaneHit> consumer) {
    DaneHttp.Response response =
        http.send("POST", path + "?allow_partial_search_results=false", search);
    return read(response, consumer);
  }

  private SearchPage read(DaneHttp.Response response, Consumer<DaneHit> consumer) {
    if (response.status() != 200) {
      throw http.failure(response.status(), response.body());
    }
    return SearchPage.read(response.body(), consumer);
  }

  /** One scroll through the hits of a search. */
  private final class Scroll {
    private final ObjectNode search;

    private Scroll(ObjectNode search) {
      this.search = search;
    }

    /** Returns false if hits were lost: a response on the way, or the scroll itself. */
    boolean run(Consumer<DaneHit> hit, Runnable endOfPage) {
      SearchPage page =
          read(
              http.send(
                  "POST",
                  "/"
                      + connection.index()
                      + "/_search?allow_partial_search_results=false&scroll="
                      + KEEP_ALIVE,
                  search),
              hit);
      endOfPage.run();
      long seen = page.hits();
      try {
        while (page.hits() > 0 && seen < page.total()) {
          ObjectNode next = object();
          next.put("scroll", KEEP_ALIVE).put("scroll_id", page.scrollId());
          DaneHttp.Response response = http.send("POST", "/_search/scroll", next);
          if (response.status() == 404) {
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
        http.send("DELETE", "/_search/scroll", object().put("scroll_id", page.scrollId()));
      }
    }
  }

  private static ObjectNode object() {
    return DaneJson.MAPPER.createObjectNode();
  }

  private static ObjectNode search(ObjectNode query, int size) {
    ObjectNode search = object();
    search.put("size", size).put("track_total_hits", true);
    search.putArray("sort").add("_doc");
    search.set("query", query);
    return search;
  }

  private static ObjectNode withRole(RecordType type) {
    ObjectNode query = object();
    query.putObject("term").put("role", type.role());
    return query;
  }

  /** Elasticsearch indexes the parent of a record in a field that is named after its type. */
  private static ObjectNode children(
      RecordType type, RecordType parentType, Collection<String> parents) {
    ObjectNode terms = object();
    ArrayNode ids = terms.putObject("terms").putArray("role#" + parentType.role());
    parents.forEach(ids::add);
    return both(withRole(type), terms);
  }

  private static ObjectNode both(ObjectNode one, ObjectNode other) {
    ObjectNode query = object();
    query.putObject("bool").putArray("filter").add(one).add(other);
    return query;
  }

  private static ObjectNode not(ObjectNode clause) {
    ObjectNode query = object();
    query.putObject("bool").putArray("must_not").add(clause);
    return query;
  }

  private static ObjectNode hasParent(RecordType type, ObjectNode clause) {
    ObjectNode query = object();
    query.putObject("has_parent").put("parent_type", type.role()).set("query", clause);
    return query;
  }

  private static ObjectNode matchAll() {
    ObjectNode query = object();
    query.putObject("match_all");
    return query;
  }
}
