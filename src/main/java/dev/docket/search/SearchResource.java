package dev.docket.search;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.document.DocumentView;
import dev.docket.http.InvalidRequest;
import dev.docket.http.batch.StreamedArray;
import dev.docket.result.Result;
import dev.docket.result.ResultView;
import dev.docket.result.ResultViews;
import dev.docket.task.api.TaskView;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Searches over HTTP, which return pages; {@link ExportResource} returns all hits.
 *
 * <p>Filters are the indexed fields by their JSON names ({@code state=202}, {@code
 * target.id=*film*}); a repeated filter matches any of its values. {@code q} has words that must
 * all occur. {@code created_from} is inclusive, {@code created_to} is exclusive. {@code
 * facets=state,key} counts values. {@code fresh=true} includes the latest writes. Filters on keys
 * of free-form objects ({@code metadata.title}, {@code args.…}, {@code payload.…}, {@code
 * generator.…}) compare the first 1,000 characters of a value, and their only wildcard is a {@code
 * *} at the end.
 */
@Path("/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {

  private final TaskSearch tasks;
  private final DocumentSearch documents;
  private final ResultSearch results;
  private final ResultViews views;
  private final StreamedArray array;

  public SearchResource(
      TaskSearch tasks,
      DocumentSearch documents,
      ResultSearch results,
      ResultViews views,
      StreamedArray array) {
    this.tasks = tasks;
    this.documents = documents;
    this.results = results;
    this.views = views;
    this.array = array;
  }

  /** Searches documents; {@code q} searches target, creator and metadata. */
  @GET
  @Path("document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public SearchResponse<DocumentView> documents(@Auth Caller caller, @Context UriInfo uri) {
    return SearchResponse.of(
        documents.search(query(SearchFields.DOCUMENTS, caller, uri)).map(DocumentView::of));
  }

  /** Searches tasks; {@code q} searches the message. */
  @GET
  @Path("task")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public SearchResponse<TaskView> tasks(@Auth Caller caller, @Context UriInfo uri) {
    return SearchResponse.of(
        tasks.search(query(SearchFields.TASKS, caller, uri)).map(TaskView::of));
  }

  /**
   * Searches the results of successful runs, without {@code q}: by default those of each task's
   * latest successful run that left results, with {@code latest=false} those of earlier runs, and
   * with {@code latest=all} both. The total is exact. The page contains payloads of up to 256 KiB
   * while they have at most 8 MiB together, and the address of the others; with {@code
   * payload=full} it contains all payloads.
   */
  @GET
  @Path("result")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput results(
      @Auth Caller caller, @Context UriInfo uri, @Context HttpServletRequest request) {
    Page<Result> page = results.search(query(SearchFields.RESULTS, caller, uri));
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      return out -> {};
    }
    boolean whole = SearchParameters.wholePayloads(uri.getQueryParameters());
    SearchResponse<ResultView> response =
        SearchResponse.of(whole ? page.map(views::whole) : page.mapAll(views::page));
    return out -> array.writeValue(out, response);
  }

  private static SearchQuery query(SearchFields fields, Caller caller, UriInfo uri) {
    return query(uri, parameters -> SearchParameters.read(fields, parameters)).of(caller.sees());
  }

  static SearchQuery query(UriInfo uri, Function<Map<String, List<String>>, SearchQuery> reader) {
    try {
      return reader.apply(uri.getQueryParameters());
    } catch (IllegalArgumentException e) {
      throw new InvalidRequest("the query string cannot be decoded", List.of());
    }
  }
}
