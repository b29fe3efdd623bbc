package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.docket.apidocs.ApiDescriptionResource;
import dev.docket.auth.Roles;
import dev.docket.dialect.dane.DaneDescriptionResource;
import dev.docket.http.ChangesByGet;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules for every route. */
final class RoutesTest {

  @Test
  void everyRouteDeclaresItsRoles() {
    List<Method> routes = routes();
    assertThat(routes).hasSizeGreaterThan(20);
    for (Method route : routes) {
      RolesAllowed roles = route.getAnnotation(RolesAllowed.class);
      boolean open = route.isAnnotationPresent(PermitAll.class);
      assertThat(roles != null || open)
          .as("%s declares its roles or is open to all", route)
          .isTrue();
      if (roles != null) {
        assertThat(Roles.ALL).as("the roles of %s", route).contains(roles.value());
        assertThat(roles.value()).as("the roles of %s", route).contains(Roles.ADMIN);
      }
    }
  }

  @Test
  void onlyProbesAndApiDescriptionAreOpenToAll() {
    assertThat(routes().stream().filter(r -> r.isAnnotationPresent(PermitAll.class)))
        .extracting(Method::getDeclaringClass)
        .isSubsetOf(
            ProbeResource.class, ApiDescriptionResource.class, DaneDescriptionResource.class);
  }

  @Test
  void everyGetOfThoseWhoChangeRecordsRejectsPagesOfOtherSites() {
    List<Method> gets =
        routes().stream().filter(route -> route.isAnnotationPresent(GET.class)).toList();
    assertThat(gets.stream().filter(RoutesTest::isForArchivistsOnly))
        .hasSizeGreaterThan(3)
        .allMatch(route -> route.isAnnotationPresent(ChangesByGet.class));
  }

  /** All who may read may use a route that reads. */
  private static boolean isForArchivistsOnly(Method route) {
    RolesAllowed roles = route.getAnnotation(RolesAllowed.class);
    return roles != null && Set.of(roles.value()).equals(Set.of(Roles.ARCHIVIST, Roles.ADMIN));
  }

  private static List<Method> routes() {
    List<Method> routes = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.docket")) {
      if (type.getSimpleName().endsWith("Resource")) {
        for (Method method : type.reflect().getDeclaredMethods()) {
          if (Arrays.stream(method.getAnnotations()).anyMatch(RoutesTest::isHttpMethod)) {
            routes.add(method);
          }
        }
      }
    }
    return routes;
  }

  private static boolean isHttpMethod(Annotation annotation) {
    return annotation.annotationType().isAnnotationPresent(HttpMethod.class);
  }
}
