package dev.docket.search;

import dev.docket.audit.AuditRecord;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;

/**
 * Searches and exports audit records, with the parameters of {@link SearchResource}. No request
 * changes or deletes one.
 */
@Path("/audit")
public final class AuditResource {

  private final AuditSearch audit;
  private final Exports exports;

  public AuditResource(AuditSearch audit, Exports exports) {
    this.audit = audit;
    this.exports = exports;
  }

  /** Returns a page of audit records, by default the newest. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  public SearchResponse<AuditRecord> search(@Context UriInfo uri) {
    return SearchResponse.of(
        audit.search(
            SearchResource.query(
                uri, parameters -> SearchParameters.read(SearchFields.AUDIT, parameters))));
  }

  /** Exports audit records as CSV. */
  @GET
  @Produces(ExportResource.CSV)
  @RolesAllowed(Roles.ADMIN)
  public StreamingOutput csv(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return export(who, uri, request, exports.csv(Columns.AUDIT));
  }

  /** Exports audit records as NDJSON. */
  @GET
  @Produces(ExportResource.NDJSON)
  @RolesAllowed(Roles.ADMIN)
  public StreamingOutput ndjson(
      @Auth Caller who, @Context UriInfo uri, @Context HttpServletRequest request) {
    return export(who, uri, request, exports.ndjson());
  }

  private StreamingOutput export(
      Caller who, UriInfo uri, HttpServletRequest request, Rows.Format format) {
    SearchQuery query =
        SearchResource.query(
            uri, parameters -> SearchParameters.readExport(SearchFields.AUDIT, parameters));
    return ExportResource.stream(exports, who, request, () -> audit.all(query), format);
  }
}
