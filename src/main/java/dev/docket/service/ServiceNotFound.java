package dev.docket.service;

import dev.docket.http.Problem;
import java.io.Serial;

/** There is no service with this slug. */
final class ServiceNotFound extends Problem {

  @Serial private static final long serialVersionUID = 1;

  ServiceNotFound(ServiceSlug slug) {
    super(Kind.NOT_FOUND, "there is no service with the slug " + slug);
  }
}
