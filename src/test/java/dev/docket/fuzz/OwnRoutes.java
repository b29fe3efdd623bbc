package dev.docket.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.docket.fuzz.RequestDraft.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Valid requests to Docket's own API, from its OpenAPI description. */
final class OwnRoutes implements Routes {

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "head");
  private static final String NDJSON = "application/x-ndjson";

  private final JsonNode description;
  private final List<Route> routes = new ArrayList<>();

  private record Route(String method, String path, JsonNode item, JsonNode operation) {}

  OwnRoutes(JsonNode description) {
    this.description = description;
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          routes.add(
              new Route(
                  operation.getKey().toUpperCase(Locale.ROOT),
                  path.getKey(),
                  path.getValue(),
                  operation.getValue()));
        }
      }
    }
  }

  @Override
  public int size() {
    return routes.size();
  }

  @Override
  public RequestDraft draft(int index, RecordPool pool, Random random) {
    Route route = routes.get(index);
    SchemaSampler sampler = new SchemaSampler(description, pool, random);
    List<JsonNode> parameters = new ArrayList<>();
    route.item().path("parameters").forEach(p -> parameters.add(sampler.resolve(p)));
    route.operation().path("parameters").forEach(p -> parameters.add(sampler.resolve(p)));
    String path = route.path();
    for (JsonNode parameter : parameters) {
      if (parameter.path("in").asText().equals("path")) {
        String name = parameter.path("name").asText();
        path = path.replace("{" + name + "}", sampler.parameter(route.path(), parameter));
      }
    }
    RequestDraft draft =
        new RequestDraft(
            route.method() + " " + route.path(),
            false,
            route.method(),
            path,
            MissingNode.getInstance());
    parameters.forEach(parameter -> addParameter(draft, route, parameter, sampler, random));
    addBody(draft, route, sampler, random);
    return draft;
  }

  private static void addParameter(
      RequestDraft draft, Route route, JsonNode parameter, SchemaSampler sampler, Random random) {
    // Few of the many filters at once, or searches would find nothing.
    boolean sent = parameter.path("required").asBoolean() || random.nextInt(8) == 0;
    if (!sent || parameter.at("/schema/propertyNames").isObject()) {
      return;
    }
    String name = parameter.path("name").asText();
    switch (parameter.path("in").asText()) {
      case "query" ->
          sampler
              .parameters(route.path(), parameter)
              .forEach(value -> draft.query.add(new Field(name, OddValues.percentEncoded(value))));
      case "header" ->
          draft.headers.add(new Field(name, sampler.parameter(route.path(), parameter)));
      default -> {
        // In the path.
      }
    }
  }

  private static void addBody(
      RequestDraft draft, Route route, SchemaSampler sampler, Random random) {
    JsonNode content = sampler.resolve(route.operation().path("requestBody")).path("content");
    List<String> types = new ArrayList<>();
    content.fieldNames().forEachRemaining(types::add);
    if (types.isEmpty()) {
      return;
    }
    String type = types.get(random.nextInt(types.size()));
    JsonNode media = content.path(type);
    draft.headers.add(new Field("Content-Type", type));
    if (type.equals(NDJSON)) {
      draft.ndjson = true;
      draft.headers.add(new Field("Accept", NDJSON));
      ArrayNode lines = JsonNodeFactory.instance.arrayNode();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        lines.add(sampler.sample(media.path("schema"), "", 1));
      }
      draft.json = lines;
      return;
    }
    JsonNode example = random.nextInt(3) == 0 ? sampler.example(media) : MissingNode.getInstance();
    draft.json = example.isMissingNode() ? sampler.sample(media.path("schema"), "", 0) : example;
  }
}
