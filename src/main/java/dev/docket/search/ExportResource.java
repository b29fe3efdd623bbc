package dev.docket.search;

import dev.docket.auth.Roles;
import dev.docket.document.DocumentView;
import dev.docket.http.batch.NdjsonBatch;
import dev.docket.result.ResultView;
import dev.docket.task.api.TaskView;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.function.Supplier;

/**
 * All that a search finds, however much, as of one moment: for those who ask by {@code Accept} for
 * {@code text/csv} or {@code application/x-ndjson}. Filters and order are those of {@link
 * SearchResource}; {@code size}, {@code cursor} and {@code facets} are refused.
 *
 * <p>CSV is for spreadsheets: a column for each field, as {@code target.id}, and JSON in the cells
 * of free-form objects and lists. A text that begins with {@code = + - @}, a tab or a carriage
 * return, which a spreadsheet would run as a formula, has a {@code '} put before it. Who needs each
 * text exactly as it is takes the lines of JSON.
 *
 * <p>If the store fails on the way, the last line of JSON is {@code {"error":{…}}}, and of CSV the
 * connection is cut.
 */
@Path("/search")
public final class ExportResource {

  /** Whoever takes anything gets a page. */
  private static final String CSV = "text/csv;charset=utf-8;qs=0.5";

  private static final String NDJSON = NdjsonBatch.NDJSON + ";qs=0.4";

  private final TaskSearch tasks;
  private final DocumentSearch documents;
  private final ResultSearch results;
  private final Exports exports;

  public ExportResource(
      TaskSearch tasks, DocumentSearch documents, ResultSearch results, Exports exports) {
    this.tasks = tasks;
    this.documents = documents;
    this.results = results;
    this.exports = exports;
  }

  /** All documents as CSV. */
  @GET
  @Path("document")
  @Produces(CSV)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput documentsAsCsv(@Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(request, documents(uri), exports.csv(Columns.DOCUMENTS));
  }

  /** All documents as lines of JSON. */
  @GET
  @Path("document")
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput documentsAsLines(
      @Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(request, documents(uri), exports.lines());
  }

  /** All tasks as CSV. */
  @GET
  @Path("task")
  @Produces(CSV)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksAsCsv(@Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(request, tasks(uri), exports.csv(Columns.TASKS));
  }

  /** All tasks as lines of JSON. */
  @GET
  @Path("task")
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksAsLines(@Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(request, tasks(uri), exports.lines());
  }

  /** All results as CSV. */
  @GET
  @Path("result")
  @Produces(CSV)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput resultsAsCsv(@Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(request, results(uri), exports.csv(Columns.RESULTS));
  }

  /** All results as lines of JSON. */
  @GET
  @Path("result")
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput resultsAsLines(@Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(request, results(uri), exports.lines());
  }

  private Supplier<Hits<DocumentView>> documents(UriInfo uri) {
    SearchQuery query = all(SearchFields.DOCUMENTS, uri);
    return () -> documents.all(query).map(DocumentView::of);
  }

  private Supplier<Hits<TaskView>> tasks(UriInfo uri) {
    SearchQuery query = all(SearchFields.TASKS, uri);
    return () -> tasks.all(query).map(TaskView::of);
  }

  private Supplier<Hits<ResultView>> results(UriInfo uri) {
    SearchQuery query = all(SearchFields.RESULTS, uri);
    return () -> results.all(query).map(ResultView::of);
  }

  private static SearchQuery all(SearchFields fields, UriInfo uri) {
    return SearchResource.query(uri, given -> SearchParameters.readAll(fields, given));
  }

  private StreamingOutput stream(
      HttpServletRequest request, Supplier<? extends Hits<?>> search, Rows.Format format) {
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      return out -> {};
    }
    return out -> exports.write(out, search, format);
  }
}
