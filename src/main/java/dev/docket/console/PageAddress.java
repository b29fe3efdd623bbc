package dev.docket.console;

import jakarta.ws.rs.core.UriInfo;

/**
 * Relative addresses of pages. They are right whatever the address of the server is for browsers,
 * also behind a proxy that ends TLS or adds a prefix to paths.
 */
final class PageAddress {

  private PageAddress() {}

  /** The way from the page of a request to the start page; empty, or ends with a slash. */
  static String root(UriInfo uri) {
    String path = uri.getPath().replaceFirst("^/+", "");
    return "../".repeat((int) path.chars().filter(c -> c == '/').count());
  }
}
