package dev.docket.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.dialect.dane.index.DaneIndexResource;
import dev.docket.dialect.dane.index.DaneIndexWriteResource;
import dev.docket.dialect.dane.index.DaneScrollResource;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.junit.jupiter.api.Test;

/** The fuzzer knows all routes of the dialects. */
final class DialectRoutesTest {

  private final List<String> fuzzed =
      new DialectRoutes()
          .names().stream().map(route -> route.replaceAll("\\$\\{[a-z]+}", "{}")).toList();

  @Test
  void hasEachRouteOfDanesApi() throws Exception {
    List<String> described = new ArrayList<>();
    try (InputStream file = getClass().getResourceAsStream("/dane/swagger.json")) {
      JsonNode swagger = new ObjectMapper().readTree(file);
      for (Map.Entry<String, JsonNode> path : swagger.path("paths").properties()) {
        for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
          described.add(
              operation.getKey().toUpperCase(Locale.ROOT)
                  + " /DANE"
                  + path.getKey().replaceAll("\\{[a-z_]+}", "{}"));
        }
      }
    }
    assertThat(fuzzed).containsAll(described);
  }

  @Test
  void hasEachRouteOfTheStore() {
    for (Class<?> type :
        List.of(DaneIndexResource.class, DaneIndexWriteResource.class, DaneScrollResource.class)) {
      Resource resource = Resource.from(type);
      requireRoutes(resource.getPath(), resource);
    }
  }

  private void requireRoutes(String path, Resource resource) {
    for (ResourceMethod method : resource.getResourceMethods()) {
      String template = method.getHttpMethod() + " " + path.replaceAll("\\{[^{}]*}", "[^/]+");
      assertThat(fuzzed).anySatisfy(route -> assertThat(route).matches(template));
    }
    for (Resource child : resource.getChildResources()) {
      requireRoutes((path + "/" + child.getPath()).replaceAll("//+", "/"), child);
    }
  }
}
