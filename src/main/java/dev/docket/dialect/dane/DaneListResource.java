package dev.docket.dialect.dane;

import static dev.docket.search.TextPattern.literal;
import static dev.docket.search.TextPattern.stars;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Roles;
import dev.docket.auth.Sees;
import dev.docket.dialect.dane.DaneStates.ShownTask;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.InvalidRequest;
import dev.docket.result.ResultService;
import dev.docket.result.ResultViews;
import dev.docket.search.DocumentSearch;
import dev.docket.search.Hits;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.search.TextPattern;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * DANE's lists and searches. Lists are complete, as of one moment, where DANE cuts them; searches
 * see what was just written.
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class DaneListResource {

  private static final int PER_PAGE = 100;

  private static final String ALL = "*";

  private static final SearchQuery FRESH =
      SearchQuery.everything().sorted(new SearchQuery.Sort("id", false)).fresh(true);

  private static final List<TextPattern> NEITHER_DONE_NOR_WAITING =
      DaneReset.patterns(
          Stream.of(TaskState.values())
              .filter(s -> s != TaskState.SUCCESS && s != TaskState.UNFINISHED_DEPENDENCY)
              .toList());

  private final DocumentService documents;
  private final DocumentSearch documentSearch;
  private final TaskSearch taskSearch;
  private final ResultService results;
  private final ResultViews views;
  private final DaneStates states;
  private final DaneLists lists;

  DaneListResource(
      DocumentService documents,
      DocumentSearch documentSearch,
      TaskSearch taskSearch,
      ResultService results,
      ResultViews views,
      DaneStates states,
      DaneLists lists) {
    this.documents = documents;
    this.documentSearch = documentSearch;
    this.taskSearch = taskSearch;
    this.results = results;
    this.views = views;
    this.states = states;
    this.lists = lists;
  }

  /**
   * A page of the documents that a search found.
   *
   * @param total the number of documents on all pages
   */
  record Found(long total, List<DaneDocument> hits) {}

  /** Lists the tasks of a document. */
  @GET
  @Path("document/{id}/tasks")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  @Sees(OwnedRecord.DOCUMENT)
  public StreamingOutput tasksOfDocument(@Auth Caller who, @PathParam("id") DocumentId id) {
    documents.get(id).toCompletableFuture().join();
    return tasks(FRESH.of(who.sees()).where("document_id", literal(id.value())));
  }

  /** Lists all tasks but those that are 200 or 412. */
  @GET
  @Path("task")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput inProgress(@Auth Caller who) {
    return inProgress(who, DaneTask.InProgress::of);
  }

  /** Lists the same tasks, as DANE 0.2 did. */
  @GET
  @Path("task/inprogress")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput inProgressByName(@Auth Caller who) {
    return inProgress(who, shown -> DaneTask.InProgress.of(shown).withoutTimes());
  }

  private StreamingOutput inProgress(Caller who, Function<ShownTask, ?> view) {
    return tasks(
        FRESH.of(who.sees()).where("state", NEITHER_DONE_NOR_WAITING),
        shown ->
            shown
                .filter(task -> task.state() != DaneStates.WAITING_FOR_DEPENDENCY)
                .map(view)
                .toList());
  }

  /** Finds documents by the ids of target and creator with {@code *}, as DANE 0.2 did. */
  @GET
  @Path("search/{target}/{creator}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput found(
      @Auth Caller who, @PathParam("target") String target, @PathParam("creator") String creator) {
    SearchQuery query =
        FRESH
            .of(who.sees())
            .where("target.id", pattern("target", () -> stars(target)))
            .where("creator.id", pattern("creator", () -> stars(creator)));
    Hits<?> hits = documentSearch.all(query).map(found -> DaneDocument.of(found).withoutTimes());
    return out -> lists.write(out, hits, page -> page);
  }

  /** Finds documents, as DANE 0.2 did. */
  @GET
  @Path("document/search/{target}/{creator}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput foundByDocument(
      @Auth Caller who, @PathParam("target") String target, @PathParam("creator") String creator) {
    return found(who, target, creator);
  }

  /** Finds documents by the ids of target and creator with {@code *} and {@code ?}, in pages. */
  @GET
  @Path("search/document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Found search(
      @Auth Caller who,
      @QueryParam("target_id") @DefaultValue(ALL) String target,
      @QueryParam("creator_id") @DefaultValue(ALL) String creator,
      @QueryParam("page") @DefaultValue("1") int page) {
    var found =
        documentSearch.search(
            FRESH
                .of(who.sees())
                .where("target.id", pattern("target_id", () -> wildcards(target)))
                .where("creator.id", pattern("creator_id", () -> wildcards(creator)))
                .size(PER_PAGE)
                .skip((Math.max(1, page) - 1L) * PER_PAGE)
                .countAll(true));
    return new Found(found.total(), found.hits().stream().map(DaneDocument::of).toList());
  }

  /** A backslash escapes, as in Elasticsearch; at the end it stands for itself. */
  private static TextPattern wildcards(String text) {
    int backslashes = 0;
    while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return new TextPattern(text.isEmpty() ? ALL : backslashes % 2 == 0 ? text : text + "\\");
  }

  private static TextPattern pattern(String name, Supplier<TextPattern> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException invalid) {
      throw InvalidRequest.field(name, String.valueOf(invalid.getMessage()));
    }
  }

  /** Lists the documents of a creator. */
  @GET
  @Path("creator/{id}/docs")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput documentsOfCreator(@Auth Caller who, @PathParam("id") String creator) {
    Hits<?> hits = documentSearch.all(ofCreator(who, creator)).map(DaneDocument::of);
    return out -> lists.write(out, hits, page -> page);
  }

  /** Lists the tasks of a key, or of all keys, on the documents of a creator. */
  @GET
  @Path("creator/{id}/{key}/tasks")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksOfCreator(
      @Auth Caller who, @PathParam("id") String creator, @PathParam("key") String key) {
    return tasks(ofCreator(who, creator, key));
  }

  /** Lists the results of these tasks. */
  @GET
  @Path("creator/{id}/{key}/results")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput resultsOfCreator(
      @Auth Caller who, @PathParam("id") String creator, @PathParam("key") String key) {
    Hits<Task> hits = taskSearch.all(ofCreator(who, creator, key));
    Function<List<Task>, List<?>> found =
        page ->
            results.ofTasks(page).toCompletableFuture().join().stream()
                .map(result -> DaneResult.of(result, views))
                .toList();
    return out -> lists.write(out, hits, found);
  }

  private static SearchQuery ofCreator(Caller who, String creator) {
    return FRESH.of(who.sees()).where("creator.id", pattern("creator", () -> literal(creator)));
  }

  private static SearchQuery ofCreator(Caller who, String creator, String key) {
    if (key.equals(ALL)) {
      return ofCreator(who, creator);
    }
    Optional<TaskKey> known = DaneParameters.key(key);
    return ofCreator(who, creator)
        .where("key", known.map(k -> literal(k.value())).map(List::of).orElseGet(List::of));
  }

  private StreamingOutput tasks(SearchQuery query) {
    return tasks(query, shown -> shown.map(DaneTask::of).toList());
  }

  private StreamingOutput tasks(SearchQuery query, Function<Stream<ShownTask>, List<?>> view) {
    Hits<Task> hits = taskSearch.all(query);
    return out ->
        lists.write(
            out, hits, page -> view.apply(states.show(page).toCompletableFuture().join().stream()));
  }
}
