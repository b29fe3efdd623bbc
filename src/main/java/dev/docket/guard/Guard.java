package dev.docket.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.http.Authenticator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/** Protects a Jetty server, all its ports included, from its clients. */
public final class Guard {

  /** Paths that orchestration asks whether the server is well; they wait for nothing. */
  private static final Set<String> PROBES = Set.of("/health", "/ready");

  /** The connectors that have threads of their own. */
  private static final String ADMIN = "admin";

  /** Threads that are kept for probes, and for Jetty itself. */
  private static final int RESERVED_THREADS = 16;

  private final Authenticator authenticator;
  private final BrowserPolicy browsers;
  private final BrowserPolicy adminBrowsers;
  private final RequestRate rate;
  private final ObjectMapper mapper;

  /**
   * Creates the guard.
   *
   * @param adminKeyRequired whether requests to the admin port need its key
   * @param hosts names by which browsers may reach a server that requires no credentials, besides
   *     loopback names
   * @param origins origins of other sites whose pages may send requests
   * @param rate limit of the requests of each caller
   * @param mapper writes problem documents
   */
  public Guard(
      Authenticator authenticator,
      boolean adminKeyRequired,
      List<String> hosts,
      List<String> origins,
      RequestRate rate,
      ObjectMapper mapper) {
    this.authenticator = authenticator;
    this.browsers =
        new BrowserPolicy(authenticator.isRequired(), Set.copyOf(hosts), Set.copyOf(origins));
    this.adminBrowsers = new BrowserPolicy(adminKeyRequired, browsers.hosts(), browsers.origins());
    this.rate = rate;
    this.mapper = mapper;
  }

  /** Wraps the handlers of a server that has not started yet. */
  public void protect(Server server) {
    ProblemErrors errors = new ProblemErrors(mapper);
    server.setErrorHandler(errors);
    Callers callers = new Callers(authenticator);
    Function<Request, @Nullable String> group =
        request -> isExempt(request) ? null : callers.name(request);
    Handler handler = server.getHandler();
    if (server.getThreadPool() instanceof ThreadPool.SizedThreadPool pool) {
      handler = withThreadShares(handler, pool.getMaxThreads(), group, errors);
    }
    handler = wrap(new BodyCollector(callers, BodyCollector.Limits.DEFAULT), handler);
    handler = wrap(new SlowBodies(), handler);
    if (rate.isLimited()) {
      handler = wrap(new RateLimit(group, rate, errors), handler);
    }
    handler =
        wrap(
            new BrowserCheck(request -> isAdmin(request) ? adminBrowsers : browsers, errors),
            handler);
    handler = wrap(new HeaderLimits(errors), handler);
    handler = wrap(new RequestIdentity(callers), handler);
    server.setHandler(wrap(new SecurityHeaders(), handler));
  }

  private static Handler withThreadShares(
      Handler handler,
      int threads,
      Function<Request, @Nullable String> group,
      ProblemErrors errors) {
    int usable = threads - Math.min(RESERVED_THREADS, threads / 4);
    int ofOne = Math.max(1, usable * 3 / 4);
    int ofUnknown = Math.max(1, usable / 8);
    Function<Request, @Nullable String> all = request -> isExempt(request) ? null : "all callers";
    return wrap(
        new ThreadShares(group, name -> name.equals(Callers.UNKNOWN) ? ofUnknown : ofOne, errors),
        wrap(new ThreadShares(all, name -> usable, errors), handler));
  }

  private static Handler wrap(Handler.Wrapper outer, Handler inner) {
    outer.setHandler(inner);
    return outer;
  }

  private static boolean isAdmin(Request request) {
    return ADMIN.equals(request.getConnectionMetaData().getConnector().getName());
  }

  private static boolean isExempt(Request request) {
    return isAdmin(request) || PROBES.contains(Request.getPathInContext(request));
  }

  private static final class SlowBodies extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      return super.handle(new SlowBody(request, System::nanoTime), response, callback);
    }
  }
}
