package dev.docket.service;

import dev.docket.http.Problem;
import java.io.Serial;
import java.util.List;
import java.util.Map;

/** The slug of a new service is taken. The response names it. */
final class ServiceExists extends Problem {

  @Serial private static final long serialVersionUID = 1;

  ServiceExists(ServiceSlug slug, String explanation) {
    super(
        Kind.CONFLICT,
        "there is a service with the slug " + slug + " already; " + explanation,
        List.of(),
        Map.of("existing", slug.value()));
  }
}
