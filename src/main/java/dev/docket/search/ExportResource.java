package dev.docket.search;

import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.document.DocumentView;
import dev.docket.http.InvalidRequest;
import dev.docket.http.batch.NdjsonBatch;
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
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.util.function.Supplier;

/**
 * Exports all hits of a search, from one point in time, to clients that request {@code text/csv} or
 * {@code application/x-ndjson} in the {@code Accept} header. Filters and order are those of {@link
 * SearchResource}; {@code size}, {@code cursor} and {@code facets} are rejected.
 *
 * <p>CSV is for spreadsheets. It has a column for each field, such as {@code target.id}, and JSON
 * in the cells of free-form objects and lists. A spreadsheet would run a text that starts with
 * {@code = + - @}, a tab or a carriage return as a formula, so the export puts a {@code '} before
 * it. NDJSON contains each text unchanged.
 *
 * <p>Results contain payloads of up to 256 KiB, and the address of larger ones. NDJSON with {@code
 * payload=full} contains all payloads.
 *
 * <p>If the store fails during an export, the last line of NDJSON is {@code {"error":{…}}}; a CSV
 * response is truncated and its connection closed. So is NDJSON if the failure interrupts a line.
 */
@Path("/search")
public final class ExportResource {

  /** The quality is below that of JSON: a client that accepts any media type gets a page. */
  static final String CSV = "text/csv;charset=utf-8;qs=0.5";

  static final String NDJSON = NdjsonBatch.NDJSON + ";qs=0.4";

  private static final int PAGE_SIZE = 500;

  /** A point in time lasts for minutes after a page was read, and the payloads may be large. */
  private static final int PAGE_SIZE_WITH_WHOLE_PAYLOADS = 20;

  private final TaskSearch tasks;
  private final DocumentSearch documents;
  private final ResultSearch results;
  private final ResultViews views;
  private final Exports exports;

  public ExportResource(
      TaskSearch tasks,
      DocumentSearch documents,
      ResultSearch results,
      ResultViews views,
      Exports exports) {
    this.views = views;
    this.tasks = tasks;
    this.documents = documents;
    this.results = results;
    this.exports = exports;
  }

  /** Exports documents as CSV. */
  @GET
  @Path("document")
  @Produces(CSV)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput documentsAsCsv(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(who, request, documents(who, uri), exports.csv(Columns.DOCUMENTS));
  }

  /** Exports documents as NDJSON. */
  @GET
  @Path("document")
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput documentsAsNdjson(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(who, request, documents(who, uri), exports.ndjson());
  }

  /** Exports tasks as CSV. */
  @GET
  @Path("task")
  @Produces(CSV)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksAsCsv(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(who, request, tasks(who, uri), exports.csv(Columns.TASKS));
  }

  /** Exports tasks as NDJSON. */
  @GET
  @Path("task")
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput tasksAsNdjson(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(who, request, tasks(who, uri), exports.ndjson());
  }

  /** Exports results as CSV. */
  @GET
  @Path("result")
  @Produces(CSV)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput resultsAsCsv(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    Supplier<Hits<ResultView>> search = results(who, uri);
    if (SearchParameters.wholePayloads(uri.getQueryParameters())) {
      throw InvalidRequest.field(
          SearchParameters.PAYLOAD,
          "must be omitted: CSV contains small payloads only; application/x-ndjson can contain all");
    }
    return stream(who, request, search, exports.csv(Columns.RESULTS));
  }

  /** Exports results as NDJSON. */
  @GET
  @Path("result")
  @Produces(NDJSON)
  @RolesAllowed({Roles.ARCHIVIST, Roles.ANALYST, Roles.ADMIN})
  public StreamingOutput resultsAsNdjson(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return stream(who, request, results(who, uri), exports.ndjson());
  }

  private Supplier<Hits<DocumentView>> documents(Caller who, UriInfo uri) {
    SearchQuery query = exportQuery(SearchFields.DOCUMENTS, who, uri);
    return () -> documents.all(query).map(DocumentView::of);
  }

  private Supplier<Hits<TaskView>> tasks(Caller who, UriInfo uri) {
    SearchQuery query = exportQuery(SearchFields.TASKS, who, uri);
    return () -> tasks.all(query).map(TaskView::of);
  }

  private Supplier<Hits<ResultView>> results(Caller who, UriInfo uri) {
    SearchQuery query = exportQuery(SearchFields.RESULTS, who, uri);
    if (SearchParameters.wholePayloads(uri.getQueryParameters())) {
      return () -> results.all(query.size(PAGE_SIZE_WITH_WHOLE_PAYLOADS)).map(views::whole);
    }
    return () ->
        results.all(query.size(PAGE_SIZE)).mapAll(ResultViews.MAX_LISTED_TOGETHER, views::page);
  }

  private static SearchQuery exportQuery(SearchFields fields, Caller who, UriInfo uri) {
    return SearchResource.query(uri, parameters -> SearchParameters.readExport(fields, parameters))
        .of(who.sees());
  }

  private StreamingOutput stream(
      Caller who,
      HttpServletRequest request,
      Supplier<? extends Hits<?>> search,
      Rows.Format format) {
    return stream(exports, who, request, search, format);
  }

  /** A body with all hits. It reads nothing for a HEAD request, whose body would be discarded. */
  static StreamingOutput stream(
      Exports exports,
      Caller who,
      HttpServletRequest request,
      Supplier<? extends Hits<?>> search,
      Rows.Format format) {
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      return out -> {};
    }
    return out -> exports.write(out, who, search, format);
  }
}
