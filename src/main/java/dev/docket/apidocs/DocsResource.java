package dev.docket.apidocs;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.function.Supplier;

/** The page for people, open to all. It asks nothing of any other server. */
@Path("/")
public final class DocsResource {

  private static final String PAGE_PATH = "docs/";

  private static final String CHECK = "no-cache";
  private static final String CACHE_FOREVER = "public, max-age=31536000, immutable";

  /** Swagger UI has its pictures in its style sheet, as data. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Lazy<DocsPage> page;

  /**
   * Wires it.
   *
   * @param page made when somebody first asks for it
   */
  public DocsResource(Supplier<DocsPage> page) {
    this.page = new Lazy<>(page);
  }

  /** The page, or the way to where its files are beside it. */
  @GET
  @Path("docs")
  @Produces(MediaType.TEXT_HTML)
  @PermitAll
  public Response index(@Context UriInfo uri, @Context Request request) {
    return uri.getPath().endsWith("/") ? answer(page.get().index(), CHECK, request) : toPage();
  }

  /** A file of the page. */
  @GET
  @Path("docs/{file}")
  @Produces({"text/css", "text/javascript", "image/png"})
  @PermitAll
  public Response file(@PathParam("file") String file, @Context Request request) {
    DocsPage all = page.get();
    return all.versioned(file)
        .map(asset -> answer(asset, CACHE_FOREVER, request))
        .or(() -> all.ours(file).map(asset -> answer(asset, CHECK, request)))
        .orElseThrow(NotFoundException::new);
  }

  /** DANE has its console here; until there is one, the page. */
  @GET
  @Path("manage")
  @PermitAll
  public Response console() {
    return toPage();
  }

  private static Response toPage() {
    return Response.temporaryRedirect(URI.create(PAGE_PATH)).build();
  }

  private static Response answer(Asset asset, String caching, Request request) {
    EntityTag tag = new EntityTag(asset.digest());
    Response.ResponseBuilder same = request.evaluatePreconditions(tag);
    return (same != null ? same : Response.ok(asset.bytes(), asset.mediaType()))
        .tag(tag)
        .header(HttpHeaders.CACHE_CONTROL, caching)
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }
}
