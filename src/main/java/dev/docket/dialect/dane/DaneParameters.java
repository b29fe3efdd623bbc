package dev.docket.dialect.dane;

import dev.docket.http.Problem;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** What DANE's paths and query strings have in common. */
final class DaneParameters {

  private DaneParameters() {}

  /** Ids as {@code doc=A,B}, {@code doc=A&doc=B} or {@code doc[]=A}, in the order given. */
  static List<String> ids(UriInfo uri, String name) {
    MultivaluedMap<String, String> parameters = uri.getQueryParameters();
    List<String> all = new ArrayList<>();
    for (String form : List.of(name + "[]", name)) {
      for (String values : parameters.getOrDefault(form, List.of())) {
        for (String id : values.split(",", -1)) {
          if (!id.isBlank()) {
            all.add(id.strip());
          }
        }
      }
    }
    return all;
  }

  static boolean isNotFound(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof Problem problem && problem.kind() == Problem.Kind.NOT_FOUND;
  }
}
