package dev.docket.dialect;

import dev.docket.auth.http.AuthFeature;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another system's HTTP API, for the server to mount: below {@code basePath} on the application
 * port, and on a port of its own if that is configured. There it answers at {@code /} too, because
 * some clients have the paths of the other system built in. It has neither store, queue nor thread.
 *
 * <p>Its resources have paths relative to the base path, and build links from {@code
 * UriInfo.getBaseUri()}, which is the address at which the request came, or the public address. A
 * response filter among the components gives errors its form, 401 included: their entity is a
 * {@link dev.docket.http.ProblemBody} until then.
 *
 * @param name names its servlets and threads, and is in log lines
 * @param basePath such as {@code /DANE}; empty if the dialect has only a port of its own
 * @param publicAddress where its clients reach it, with a slash at the end; null if the address of
 *     each request is right
 * @param authentication finds the callers of requests; may accept forms of credentials that only
 *     this dialect's clients send
 * @param components resources, filters and exception mappers
 */
public record Dialect(
    String name,
    String basePath,
    @Nullable URI publicAddress,
    AuthFeature authentication,
    List<Object> components) {

  public Dialect {
    components = List.copyOf(components);
  }

  /** Returns this dialect with another component. */
  public Dialect with(Object component) {
    List<Object> more = new ArrayList<>(components);
    more.add(component);
    return new Dialect(name, basePath, publicAddress, authentication, more);
  }
}
