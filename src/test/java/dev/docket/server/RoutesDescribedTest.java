package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.protocol.docket.DocketProtocol;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.junit.jupiter.api.Test;

/** The OpenAPI description contains exactly the routes of Docket's own API. */
final class RoutesDescribedTest {

  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

  private final ApiContract contract = new ApiContract();

  /** A route, which several Java methods may implement. */
  private static final class Route {
    private final Set<String> roles = new TreeSet<>();
    private final Set<String> consumes = new TreeSet<>();
    private final Set<String> produces = new TreeSet<>();
    private boolean open;

    private void add(ResourceMethod method) {
      Method java = method.getInvocable().getHandlingMethod();
      RolesAllowed allowed = java.getAnnotation(RolesAllowed.class);
      roles.addAll(allowed == null ? List.of() : List.of(allowed.value()));
      open |= java.isAnnotationPresent(PermitAll.class);
      method.getConsumedTypes().forEach(type -> consumes.add(withoutParameters(type)));
      method.getProducedTypes().forEach(type -> produces.add(withoutParameters(type)));
    }

    private static String withoutParameters(MediaType type) {
      return type.getType() + "/" + type.getSubtype();
    }
  }

  @Test
  void describesExactlyTheRegisteredRoutes() throws Exception {
    Set<String> described = new TreeSet<>();
    contract.operations().forEach(operation -> described.add(operation.toString()));

    assertThat(described).isEqualTo(routes().keySet());
  }

  @Test
  void describesRolesOfTheCode() throws Exception {
    Map<String, Route> routes = routes();
    for (ApiContract.Operation operation : contract.operations()) {
      Route route = routes.get(operation.toString());
      Set<String> roles = new TreeSet<>();
      operation.node().path("x-roles").forEach(role -> roles.add(role.asText()));

      assertThat(roles).as("x-roles of %s", operation).isEqualTo(route.roles);
      JsonNode security = operation.node().path("security");
      assertThat(security.isArray() && security.isEmpty())
          .as("%s is open to all", operation)
          .isEqualTo(route.open);
    }
  }

  @Test
  void describesChecksOfOwners() {
    Map<String, String> expected = new TreeMap<>();
    for (AccessRoutes.Route route : AccessRoutes.all()) {
      if (route.kind() != null && route.api() == AccessRoutes.Api.DOCKET) {
        expected.put(route.toString(), route.changes() == null ? "sees" : "changes");
      }
    }
    Map<String, String> described = new TreeMap<>();
    for (ApiContract.Operation operation : contract.operations()) {
      String owner = operation.node().path("x-owner").asText();
      if (owner.equals("sees") || owner.equals("changes")) {
        described.put(operation.toString(), owner);
      }
    }
    assertThat(described).isEqualTo(expected);
  }

  @Test
  void describesMediaTypesOfTheCode() throws Exception {
    Map<String, Route> routes = routes();
    for (ApiContract.Operation operation : contract.operations()) {
      Route route = routes.get(operation.toString());
      assertThat(contract.content(operation.node().path("requestBody")).keySet())
          .as("request types of %s", operation)
          .isEqualTo(route.consumes);
      Set<String> types = new TreeSet<>();
      boolean hasBody = false;
      for (Map.Entry<String, JsonNode> response : operation.node().path("responses").properties()) {
        if (response.getKey().startsWith("2")) {
          types.addAll(contract.content(response.getValue()).keySet());
          hasBody |= !response.getKey().equals("204");
        }
      }
      assertThat(types)
          .as("response types of %s", operation)
          .isEqualTo(hasBody ? route.produces : Set.of());
    }
  }

  @Test
  void describesPathParameters() {
    for (ApiContract.Operation operation : contract.operations()) {
      Set<String> expected = new HashSet<>();
      Matcher matcher = NAME.matcher(operation.path());
      while (matcher.find()) {
        expected.add(matcher.group(1));
      }
      List<JsonNode> parameters = new ArrayList<>();
      contract
          .document()
          .path("paths")
          .path(operation.path())
          .path("parameters")
          .forEach(parameters::add);
      operation.node().path("parameters").forEach(parameters::add);
      Set<String> described = new HashSet<>();
      parameters.stream()
          .map(contract::resolve)
          .filter(p -> p.path("in").asText().equals("path"))
          .forEach(p -> described.add(p.path("name").asText()));
      assertThat(described).as("path parameters of %s", operation).isEqualTo(expected);
    }
  }

  private static Map<String, Route> routes() throws Exception {
    ObjectMapper mapper = DocketApplication.configMapper();
    ObjectNode emptyConfig = mapper.createObjectNode();
    DocketConfig config = mapper.treeToValue(emptyConfig, DocketConfig.class);
    Wiring wiring =
        new Wiring(
            config, new Environment("docket"), config.bodyLimit(), List.of(DocketProtocol::new));
    try {
      Map<String, Route> routes = new TreeMap<>();
      for (Object resource : wiring.resources()) {
        boolean isOwnApi = !resource.getClass().getPackageName().startsWith("dev.docket.dialect");
        Resource model = isOwnApi ? Resource.from(resource.getClass()) : null;
        if (model != null) {
          collect("", model, routes);
        }
      }
      return routes;
    } finally {
      // Nothing was started, so only the threads of the Elasticsearch client must be stopped.
      Managed store = wiring.managed().get(0);
      store.stop();
    }
  }

  private static void collect(String parentPath, Resource resource, Map<String, Route> routes) {
    String path = (parentPath + "/" + (resource.getPath() == null ? "" : resource.getPath()));
    String template = path.replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    resource.getResourceMethods().stream()
        .sorted(Comparator.comparing(ResourceMethod::getHttpMethod))
        .forEach(
            method ->
                routes
                    .computeIfAbsent(method.getHttpMethod() + " " + template, t -> new Route())
                    .add(method));
    resource.getChildResources().forEach(child -> collect(template, child, routes));
  }
}
