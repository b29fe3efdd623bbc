package dev.docket.manual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.RequestBodyReader;
import dev.docket.service.Services;
import dev.docket.task.TaskKey;
import org.jspecify.annotations.Nullable;

/** Checks the outputs in requests against the services. */
public final class Outputs {

  private final Services services;
  private final RequestBodyReader bodies;

  public Outputs(Services services, RequestBodyReader bodies) {
    this.services = services;
    this.bodies = bodies;
  }

  /**
   * Returns the payload of a result with these outputs of a task.
   *
   * @throws InvalidRequest with a pointer below {@code /outputs} for each violation
   */
  public JsonNode payload(TaskKey key, JsonNode outputs) {
    TaskForm form = TaskForm.of(key, services);
    if (form.fields().isEmpty()) {
      return outputs;
    }
    @Nullable Object parsed = outputs.isNull() ? null : bodies.read(outputs, Object.class);
    return bodies.tree(form.checked(parsed));
  }
}
