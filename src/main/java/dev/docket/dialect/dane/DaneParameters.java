package dev.docket.dialect.dane;

import dev.docket.concurrent.Stages;
import dev.docket.document.DocumentId;
import dev.docket.http.Problem;
import dev.docket.task.TaskKey;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What DANE's resources share: reading parameters and telling failures apart. */
final class DaneParameters {

  private DaneParameters() {}

  /** Ids given as {@code doc=A,B}, {@code doc=A&doc=B} or {@code doc[]=A}, in their order. */
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

  /** A task key in a path, where DANE compares case; empty if no task can have it. */
  static Optional<TaskKey> key(String text) {
    try {
      return Optional.of(TaskKey.fromString(text)).filter(key -> key.value().equals(text));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  /** A document id; empty if no document can have it. */
  static Optional<DocumentId> documentId(String text) {
    try {
      return Optional.of(DocumentId.fromString(text));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  static boolean isNotFound(Throwable failure) {
    return Stages.cause(failure) instanceof Problem problem
        && problem.kind() == Problem.Kind.NOT_FOUND;
  }
}
