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

/** The description has every route of Docket's own that the server registers, and no other. */
final class RoutesDescribedTest {

  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

  private final ApiContract contract = new ApiContract();

  /** What several methods of Java may share. */
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
      method.getConsumedTypes().forEach(type -> consumes.add(plain(type)));
      method.getProducedTypes().forEach(type -> produces.add(plain(type)));
    }

    private static String plain(MediaType type) {
      return type.getType() + "/" + type.getSubtype();
    }
  }

  @Test
  void everyRouteIsDescribedAndNoOther() throws Exception {
    Set<String> described = new TreeSet<>();
    contract.operations().forEach(operation -> described.add(operation.toString()));

    assertThat(described).isEqualTo(routes().keySet());
  }

  @Test
  void rolesAreThoseOfTheCode() throws Exception {
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
  void mediaTypesAreThoseOfTheCode() throws Exception {
    Map<String, Route> routes = routes();
    for (ApiContract.Operation operation : contract.operations()) {
      Route route = routes.get(operation.toString());
      assertThat(contract.content(operation.node().path("requestBody")).keySet())
          .as("what %s reads", operation)
          .isEqualTo(route.consumes);
      Set<String> answers = new TreeSet<>();
      boolean whole = false;
      for (Map.Entry<String, JsonNode> answer : operation.node().path("responses").properties()) {
        if (answer.getKey().startsWith("2")) {
          answers.addAll(contract.content(answer.getValue()).keySet());
          whole |= !answer.getKey().equals("204");
        }
      }
      assertThat(answers)
          .as("what %s answers", operation)
          .isEqualTo(whole ? route.produces : Set.of());
    }
  }

  @Test
  void parametersInThePathAreDescribed() {
    for (ApiContract.Operation operation : contract.operations()) {
      Set<String> wanted = new HashSet<>();
      Matcher names = NAME.matcher(operation.path());
      while (names.find()) {
        wanted.add(names.group(1));
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
          .map(contract::resolved)
          .filter(p -> p.path("in").asText().equals("path"))
          .forEach(p -> described.add(p.path("name").asText()));
      assertThat(described).as("the path of %s", operation).isEqualTo(wanted);
    }
  }

  private static Map<String, Route> routes() throws Exception {
    ObjectMapper mapper = DocketApplication.configMapper();
    ObjectNode nothing = mapper.createObjectNode();
    DocketConfig config = mapper.treeToValue(nothing, DocketConfig.class);
    Wiring wiring = new Wiring(config, new Environment("docket"), List.of(new DocketProtocol()));
    try {
      Map<String, Route> routes = new TreeMap<>();
      for (Object resource : wiring.resources()) {
        boolean own = !resource.getClass().getPackageName().startsWith("dev.docket.dialect");
        Resource model = own ? Resource.from(resource.getClass()) : null;
        if (model != null) {
          collect("", model, routes);
        }
      }
      return routes;
    } finally {
      // What is not started has threads of the store's client to end, and no more.
      Managed store = wiring.managed().get(0);
      store.stop();
    }
  }

  private static void collect(String above, Resource resource, Map<String, Route> routes) {
    String path = (above + "/" + (resource.getPath() == null ? "" : resource.getPath()));
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
