package dev.docket.dialect.dane;

import static dev.docket.search.TextPattern.literal;
import static dev.docket.search.TextPattern.stars;

import dev.docket.auth.Roles;
import dev.docket.document.DocumentId;
import dev.docket.document.DocumentService;
import dev.docket.http.InvalidRequest;
import dev.docket.result.ResultService;
import dev.docket.search.DocumentSearch;
import dev.docket.search.Hits;
import dev.docket.search.SearchQuery;
import dev.docket.search.TaskSearch;
import dev.docket.search.TextPattern;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
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
import java.util.function.Function;
import java.util.stream.Stream;

/** DANE's lists and searches: all of what there is, fresh, however much it is. */
@Path("/DANE")
@Produces(MediaType.APPLICATION_JSON)
public final class DaneListResource {

  private static final int PER_PAGE = 100;

  private static final SearchQuery FRESH =
      SearchQuery.everything().sorted(new SearchQuery.Sort("id", false)).fresh(true);

  private static final List<TextPattern> IN_PROGRESS =
      Stream.of(TaskState.values())
          .filter(s -> s != TaskState.SUCCESS && s != TaskState.UNFINISHED_DEPENDENCY)
          .map(state -> literal(String.valueOf(state.number())))
          .toList();

  private final DocumentService documents;
  private final DocumentSearch documentSearch;
  private final TaskSearch taskSearch;
  private final ResultService results;
  private final DaneLists lists;

  DaneListResource(
      DocumentService documents,
      DocumentSearch documentSearch,
      TaskSearch taskSearch,
      ResultService results,
      DaneLists lists) {
    this.documents = documents;
    this.documentSearch = documentSearch;
    this.taskSearch = taskSearch;
    this.results = results;
    this.lists = lists;
  }

  /**
   * A page of what a search finds.
   *
   * @param total on all pages
   */
  record Found(long total, List<DaneDocument> hits) {}

  /** The tasks of a document. */
  @GET
  @Path("document/{id}/tasks")
  @RolesAllowed({Roles.ARCHIVIST, Roles.WORKER, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksOfDocument(@PathParam("id") DocumentId id) {
    documents.get(id).toCompletableFuture().join();
    return tasks(FRESH.where("document_id", literal(id.value())));
  }

  /** All tasks that are neither done nor waiting for others. */
  @GET
  @Path("task")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput inProgress() {
    return tasks(FRESH.where("state", IN_PROGRESS));
  }

  /** The same. */
  @GET
  @Path("task/inprogress")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput inProgressByName() {
    return inProgress();
  }

  /** Documents whose ids are like these, where a star stands for anything. */
  @GET
  @Path("search/{target}/{creator}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput found(
      @PathParam("target") String target, @PathParam("creator") String creator) {
    Hits<?> hits = documentSearch.all(like(target, creator)).map(DaneDocument.Found::of);
    return out -> lists.write(out, hits, page -> page);
  }

  /** The same. */
  @GET
  @Path("document/search/{target}/{creator}")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput foundByDocument(
      @PathParam("target") String target, @PathParam("creator") String creator) {
    return found(target, creator);
  }

  /** The same, a hundred at a time. */
  @GET
  @Path("search/document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public Found search(
      @QueryParam("target_id") @DefaultValue("*") String target,
      @QueryParam("creator_id") @DefaultValue("*") String creator,
      @QueryParam("page") @DefaultValue("1") int page) {
    var found =
        documentSearch.search(
            like(target, creator)
                .size(PER_PAGE)
                .skip((Math.max(1, page) - 1L) * PER_PAGE)
                .countAll(true));
    return new Found(found.total(), found.hits().stream().map(DaneDocument::of).toList());
  }

  private static SearchQuery like(String target, String creator) {
    return FRESH
        .where("target.id", pattern("target_id", target))
        .where("creator.id", pattern("creator_id", creator));
  }

  private static TextPattern pattern(String name, String text) {
    try {
      return stars(text);
    } catch (IllegalArgumentException tooMuch) {
      throw InvalidRequest.field(name, String.valueOf(tooMuch.getMessage()));
    }
  }

  /** The documents of a creator. */
  @GET
  @Path("creator/{id}/docs")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput documentsOfCreator(@PathParam("id") String creator) {
    Hits<?> hits = documentSearch.all(ofCreator(creator)).map(DaneDocument::of);
    return out -> lists.write(out, hits, page -> page);
  }

  /** The tasks of a key on the documents of a creator. */
  @GET
  @Path("creator/{id}/{key}/tasks")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksOfCreator(
      @PathParam("id") String creator, @PathParam("key") TaskKey key) {
    return tasks(ofCreator(creator).where("key", literal(key.value())));
  }

  /** The results of these tasks. */
  @GET
  @Path("creator/{id}/{key}/results")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput resultsOfCreator(
      @PathParam("id") String creator, @PathParam("key") TaskKey key) {
    Hits<Task> hits = taskSearch.all(ofCreator(creator).where("key", literal(key.value())));
    Function<List<Task>, List<?>> views =
        page ->
            results.ofTasks(page).toCompletableFuture().join().stream()
                .map(DaneResult::of)
                .toList();
    return out -> lists.write(out, hits, views);
  }

  private static SearchQuery ofCreator(String creator) {
    try {
      return FRESH.where("creator.id", literal(creator));
    } catch (IllegalArgumentException tooLong) {
      throw InvalidRequest.field("creator", String.valueOf(tooLong.getMessage()));
    }
  }

  private StreamingOutput tasks(SearchQuery query) {
    Hits<?> hits = taskSearch.all(query).map(DaneTask::of);
    return out -> lists.write(out, hits, page -> page);
  }
}
