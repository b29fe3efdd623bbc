package dev.docket.server;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.docket.auth.Changes;
import dev.docket.auth.OwnedRecord;
import dev.docket.auth.Sees;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;

/** All routes of the server, with what their annotations say about access. */
final class AccessRoutes {

  private AccessRoutes() {}

  /** The API that a route belongs to. */
  enum Api {
    DOCKET,
    DANE,
    DANE_STORE
  }

  /**
   * A route.
   *
   * @param template such as {@code /task/{id}}, without regular expressions
   * @param sees the kind of the record that it shows; null if the path has no record
   * @param changes the kind of the record that it changes; null if the path has no record
   */
  record Route(
      Api api,
      String method,
      String template,
      Set<String> roles,
      boolean open,
      OwnedRecord sees,
      OwnedRecord changes) {

    OwnedRecord kind() {
      return changes == null ? sees : changes;
    }

    @Override
    public String toString() {
      return (api == Api.DOCKET ? "" : api + " ") + method + " " + template;
    }
  }

  /** Returns all routes of all classes with paths, whether or not the wiring registers them. */
  static List<Route> all() {
    List<Route> routes = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.docket")) {
      if (type.isAnnotatedWith(Path.class)) {
        collect(api(type), "", Resource.from(type.reflect()), routes);
      }
    }
    routes.sort(Comparator.comparing(Route::toString));
    return routes;
  }

  private static Api api(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith("dev.docket.dialect.dane.index")
        ? Api.DANE_STORE
        : name.startsWith("dev.docket.dialect.dane") ? Api.DANE : Api.DOCKET;
  }

  private static void collect(Api api, String parent, Resource resource, List<Route> routes) {
    String path = parent + "/" + Objects.requireNonNullElse(resource.getPath(), "");
    String template =
        path.replaceAll("\\{(\\w+)\\s*:[^}]*}", "{$1}")
            .replaceAll("/+", "/")
            .replaceAll("(?<=.)/$", "");
    for (ResourceMethod method : resource.getResourceMethods()) {
      Method java = method.getInvocable().getHandlingMethod();
      RolesAllowed roles = java.getAnnotation(RolesAllowed.class);
      Sees sees = java.getAnnotation(Sees.class);
      Changes changes = java.getAnnotation(Changes.class);
      routes.add(
          new Route(
              api,
              method.getHttpMethod(),
              template,
              roles == null ? Set.of() : new TreeSet<>(Set.of(roles.value())),
              java.isAnnotationPresent(PermitAll.class),
              sees == null ? null : sees.value(),
              changes == null ? null : changes.value()));
    }
    resource.getChildResources().forEach(child -> collect(api, path, child, routes));
  }
}
