package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.protocol.docket.DocketProtocol;
import io.dropwizard.core.setup.Environment;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.glassfish.jersey.server.model.Resource;
import org.junit.jupiter.api.Test;

/** Whether the Swagger description of DANE's API lists the operations that there are. */
final class DaneDescriptionTest {

  @Test
  void describesEveryRouteAndNoOther() throws Exception {
    JsonNode swagger;
    try (InputStream file = DaneDescriptionTest.class.getResourceAsStream("/dane/swagger.json")) {
      swagger = new ObjectMapper().readTree(file);
    }
    Set<String> described = new TreeSet<>();
    swagger
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> described.add(method + " " + template(path.getKey()))));

    assertThat(described).isEqualTo(routes());
    assertThat(swagger.findValuesAsText("$ref"))
        .allSatisfy(ref -> assertThat(swagger.at(ref.substring(1)).isMissingNode()).isFalse());
  }

  private static String template(String path) {
    return path.replaceAll("\\{\\w+}", "{}").replaceAll("(?<=.)/$", "");
  }

  private static Set<String> routes() throws Exception {
    ObjectMapper mapper = DocketApplication.configMapper();
    ObjectNode nothing = mapper.createObjectNode();
    DocketConfig config = mapper.treeToValue(nothing, DocketConfig.class);
    Wiring wiring =
        new Wiring(
            config, new Environment("docket"), config.bodyLimit(), List.of(DocketProtocol::new));
    try {
      Set<String> routes = new TreeSet<>();
      for (Object resource : wiring.dialects().get(0).components()) {
        boolean dane = resource.getClass().getPackageName().equals("dev.docket.dialect.dane");
        Resource model = dane ? Resource.from(resource.getClass()) : null;
        if (model != null) {
          collect("", model, routes);
        }
      }
      // The page and the description describe neither themselves nor the actions by POST.
      routes.removeAll(Set.of("get /", "get /swagger.json", "post /task/{}/{}"));
      return routes;
    } finally {
      wiring.managed().get(0).stop();
    }
  }

  private static void collect(String above, Resource resource, Set<String> routes) {
    String path = resource.getPath() == null ? "" : resource.getPath();
    String whole = (above + "/" + path).replaceAll("/+", "/");
    resource
        .getResourceMethods()
        .forEach(
            method ->
                routes.add(
                    method.getHttpMethod().toLowerCase(Locale.ROOT) + " " + template(whole)));
    resource.getChildResources().forEach(child -> collect(whole, child, routes));
  }
}
