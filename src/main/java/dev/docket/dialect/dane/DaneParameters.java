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
import java.util.function.Function;

/** What DANE's resources, index and import share: reading texts and telling failures apart. */
public final class DaneParameters {

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

  /** What a text stands for; empty if the reader rejects it with IllegalArgumentException. */
  public static <T> Optional<T> parsed(String text, Function<String, T> reader) {
    try {
      return Optional.of(reader.apply(text));
    } catch (IllegalArgumentException invalid) {
      return Optional.empty();
    }
  }

  /** A task key in a path, where DANE compares case; empty if no task can have it. */
  static Optional<TaskKey> key(String text) {
    return parsed(text, TaskKey::fromString).filter(key -> key.value().equals(text));
  }

  /** A document id; empty if no document can have it. */
  static Optional<DocumentId> documentId(String text) {
    return parsed(text, DocumentId::fromString);
  }

  static boolean isNotFound(Throwable failure) {
    return Stages.cause(failure) instanceof Problem problem
        && problem.kind() == Problem.Kind.NOT_FOUND;
  }
}
