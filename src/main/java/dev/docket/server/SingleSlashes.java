package dev.docket.server;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/**
 * Takes repeated slashes in the paths of a dialect as one: clients put a slash between two parts
 * that have one already (dane-workflows requests {@code document//<id>/tasks}).
 */
final class SingleSlashes extends Handler.Wrapper {

  private static final Pattern SLASHES = Pattern.compile("/{2,}");

  private final Pattern paths;

  private SingleSlashes(Handler inner, String basePath) {
    super(inner);
    paths = Pattern.compile("/*" + Pattern.quote(basePath) + "(?:/.*)?");
  }

  /**
   * Wraps the handlers of a server that has not started yet.
   *
   * @param basePath below which slashes are single; empty for all paths
   */
  static void wrap(Server server, String basePath) {
    server.setHandler(new SingleSlashes(server.getHandler(), basePath));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpURI asked = request.getHttpURI();
    String path = asked.getPath();
    if (path == null || !path.contains("//") || !paths.matcher(path).matches()) {
      return super.handle(request, response, callback);
    }
    HttpURI clean = HttpURI.build(asked).path(SLASHES.matcher(path).replaceAll("/")).asImmutable();
    return super.handle(Request.serveAs(request, clean), response, callback);
  }
}
