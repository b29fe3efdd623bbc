package dev.docket.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.http.InvalidRequest;
import dev.docket.http.MergePatch;
import dev.docket.http.Problem.FieldError;
import dev.docket.http.RequestBodyReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads descriptions of services from requests. Fields that the server sets may be repeated, so
 * that a client can send back what it has read.
 */
public final class ServiceRequests {

  /** The maximum size of a description, in bytes of JSON: each server has all in memory. */
  static final int MAX_BYTES = 64 * 1024;

  private static final List<String> SET_BY_SERVER =
      List.of(
          "slug",
          "id",
          "key",
          "source",
          "created_at",
          "created_by",
          "updated_at",
          "updated_by",
          "revision");

  private final RequestBodyReader bodies;
  private final Set<String> protocols;

  /**
   * @param protocols the names of the worker protocols
   */
  public ServiceRequests(RequestBodyReader bodies, Set<String> protocols) {
    this.bodies = bodies;
    this.protocols = Set.copyOf(protocols);
  }

  /** A new service. */
  record NewService(ServiceSlug slug, ServiceSpec spec) {}

  /**
   * Reads a new service.
   *
   * @throws InvalidRequest that lists everything that is wrong
   */
  NewService create(JsonNode body) {
    ObjectNode content = object(body).deepCopy();
    JsonNode slug = content.remove("slug");
    List<FieldError> errors = new ArrayList<>();
    ServiceSlug parsed = slug(slug, errors);
    ServiceSpec spec = read(content, errors);
    if (parsed == null || !errors.isEmpty()) {
      throw InvalidRequest.of(errors);
    }
    return new NewService(parsed, spec);
  }

  private static @Nullable ServiceSlug slug(@Nullable JsonNode slug, List<FieldError> errors) {
    try {
      return ServiceSlug.fromString(slug != null && slug.isTextual() ? slug.textValue() : "");
    } catch (IllegalArgumentException e) {
      errors.add(new FieldError("/slug", String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** Reads the new description of a service, which replaces the former one. */
  ServiceSpec replace(Service service, JsonNode body) {
    return changed(view(service), object(body).deepCopy());
  }

  /** Applies a merge patch to a service. */
  ServiceSpec patch(Service service, JsonNode patch) {
    ObjectNode current = view(service);
    ObjectNode merged = (ObjectNode) MergePatch.apply(current, object(patch));
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      // A null removes nothing from a field that cannot be removed, or that services do not have.
      if (field.getValue().isNull()
          && (SET_BY_SERVER.contains(field.getKey()) || !current.has(field.getKey()))) {
        merged.putNull(field.getKey());
      }
    }
    return changed(current, merged);
  }

  private ObjectNode view(Service service) {
    return (ObjectNode) bodies.tree(ServiceView.of(service, null));
  }

  private static ObjectNode object(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw InvalidRequest.field("", "must be a JSON object");
  }

  private ServiceSpec changed(ObjectNode current, ObjectNode next) {
    List<FieldError> errors = new ArrayList<>();
    for (String field : SET_BY_SERVER) {
      JsonNode value = next.remove(field);
      // As text: a number that was read is not equal to one that was not.
      if (value != null && !value.asText().equals(current.path(field).asText(null))) {
        errors.add(
            new FieldError(
                "/" + field,
                field.equals("slug")
                    ? "cannot be changed, because it identifies the service"
                    : "cannot be changed, because the server sets it"));
      }
    }
    next.remove("last_seen");
    JsonNode health = next.remove("health");
    if (health != null && !health.equals(current.path("health"))) {
      errors.add(
          new FieldError("/health", "is changed with PUT /services/{slug}/health, not with this"));
    }
    ServiceSpec spec = read(next, errors);
    if (!errors.isEmpty()) {
      throw InvalidRequest.of(errors);
    }
    return spec;
  }

  private ServiceSpec read(ObjectNode content, List<FieldError> errors) {
    if (content.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw InvalidRequest.field("", "must be at most " + MAX_BYTES + " bytes as JSON");
    }
    try {
      ServiceSpec spec = bodies.read(content, ServiceSpec.class);
      errors.addAll(SpecCheck.violations(spec, protocols));
      return spec;
    } catch (InvalidRequest unreadable) {
      errors.addAll(unreadable.errors());
      return ServiceSpec.EMPTY;
    }
  }
}
