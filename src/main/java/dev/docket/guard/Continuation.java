package dev.docket.guard;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Continues with a request whose handling Jetty has been told to be under way. */
interface Continuation {

  /** Calls the next handler; false if there is none for the request. */
  boolean handle() throws Exception;

  /** Calls the next handler, and does with its outcome what Jetty would do. */
  static void run(Request request, Response response, Callback callback, Continuation next) {
    try {
      if (!next.handle()) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Exception e) {
      Response.writeError(request, response, callback, e);
    }
  }
}
