package dev.docket.search;

import dev.docket.auth.Roles;
import dev.docket.document.DocumentView;
import dev.docket.http.InvalidRequest;
import dev.docket.result.ResultView;
import dev.docket.task.api.TaskView;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Searches over HTTP. Filters are the indexed fields by their JSON names ({@code state=202}, {@code
 * target.id=*film*}); repeated, any of the values will do. {@code q} takes words that must all be
 * there; {@code created_from} is included in a range, {@code created_to} is not; {@code
 * facets=state,key} counts values; {@code fresh=true} finds what was just written. Of free-form
 * objects ({@code metadata.title}, {@code args.…}, {@code payload.…}) a value's first 1,000
 * characters are compared, and the only wildcard is a {@code *} at the end. These are pages; for
 * everything at once see {@link ExportResource}.
 */
@Path("/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {

  private final TaskSearch tasks;
  private final DocumentSearch documents;
  private final ResultSearch results;

  public SearchResource(TaskSearch tasks, DocumentSearch documents, ResultSearch results) {
    this.tasks = tasks;
    this.documents = documents;
    this.results = results;
  }

  /** Documents; {@code q} looks at target, creator and metadata. */
  @GET
  @Path("document")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public SearchResponse<DocumentView> documents(@Context UriInfo uri) {
    return SearchResponse.of(
        documents.search(query(SearchFields.DOCUMENTS, uri)).map(DocumentView::of));
  }

  /** Tasks; {@code q} looks at the message. */
  @GET
  @Path("task")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public SearchResponse<TaskView> tasks(@Context UriInfo uri) {
    return SearchResponse.of(tasks.search(query(SearchFields.TASKS, uri)).map(TaskView::of));
  }

  /**
   * Results of the runs that count; there is no {@code q}. A page may hold fewer hits than its
   * size, or none, and still have a {@code next}.
   */
  @GET
  @Path("result")
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public SearchResponse<ResultView> results(@Context UriInfo uri) {
    return SearchResponse.of(results.search(query(SearchFields.RESULTS, uri)).map(ResultView::of));
  }

  private static SearchQuery query(SearchFields fields, UriInfo uri) {
    return query(uri, given -> SearchParameters.read(fields, given));
  }

  static SearchQuery query(UriInfo uri, Function<Map<String, List<String>>, SearchQuery> read) {
    try {
      return read.apply(uri.getQueryParameters());
    } catch (IllegalArgumentException undecodable) {
      throw new InvalidRequest("the query string cannot be decoded", List.of());
    }
  }
}
