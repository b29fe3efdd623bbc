package dev.docket.apidocs;

import dev.docket.http.EntityTags;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * HTTP resource for the documentation page. Requires no API key, and loads nothing from elsewhere.
 */
@Path("/")
public final class DocsResource {

  private static final String PAGE_PATH = "docs/";

  private static final String REVALIDATE = "no-cache";
  private static final String CACHE_FOREVER = "public, max-age=31536000, immutable";

  /** Swagger UI embeds images in its style sheet as data URLs. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Lazy<DocsPage> page;

  /**
   * Creates the resource.
   *
   * @param page supplies the files on the first request
   */
  public DocsResource(Supplier<DocsPage> page) {
    this.page = new Lazy<>(page);
  }

  /** Returns the page, or redirects to the path whose relative links work. */
  @GET
  @Path("docs")
  @Produces(MediaType.TEXT_HTML)
  @PermitAll
  public Response index(
      @Context UriInfo uri, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
    return uri.getPath().endsWith("/")
        ? serve(page.get().index(), REVALIDATE, ifNoneMatch)
        : redirectToPage();
  }

  /** Returns a file of the page. */
  @GET
  @Path("docs/{file}")
  @Produces({"text/css", "text/javascript", "image/png"})
  @PermitAll
  public Response file(
      @PathParam("file") String file,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
    DocsPage files = page.get();
    return files
        .versioned(file)
        .map(asset -> serve(asset, CACHE_FOREVER, ifNoneMatch))
        .or(() -> files.unversioned(file).map(asset -> serve(asset, REVALIDATE, ifNoneMatch)))
        .orElseThrow(NotFoundException::new);
  }

  /** The path of DANE's console; redirects to the page, as Docket has no console yet. */
  @GET
  @Path("manage")
  @PermitAll
  public Response console() {
    return redirectToPage();
  }

  private static Response redirectToPage() {
    return Response.temporaryRedirect(URI.create(PAGE_PATH)).build();
  }

  private static Response serve(Asset asset, String cacheControl, List<String> ifNoneMatch) {
    Optional<EntityTags> known = EntityTags.read(HttpHeaders.IF_NONE_MATCH, ifNoneMatch);
    return (asset.isKnown(known)
            ? Response.notModified()
            : Response.ok(asset.bytes(), asset.mediaType()))
        .header(HttpHeaders.ETAG, asset.tag())
        .header(HttpHeaders.CACHE_CONTROL, cacheControl)
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }
}
