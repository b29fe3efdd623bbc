package dev.docket.server;

import dev.docket.service.Health;
import dev.docket.service.Service;
import dev.docket.service.ServicePolicy;
import dev.docket.service.ServiceSlug;
import dev.docket.service.ServiceSpec;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the services of the configuration. */
final class ConfiguredServices {

  private ConfiguredServices() {}

  /**
   * The services of the section {@code services}, and one for each key of the section {@code keys}.
   *
   * @throws IllegalArgumentException if a slug is malformed, or in both sections
   */
  static List<Service> of(
      Map<String, @Nullable ServiceConfig> sections, Map<TaskKey, KeyConfig> keys) {
    Map<ServiceSlug, Service> services = new TreeMap<>();
    sections.forEach(
        (name, config) -> {
          ServiceSlug slug = slug(name);
          ServiceSpec spec = config == null ? ServiceSpec.EMPTY : config.spec();
          services.put(slug, service(slug, Service.Source.CONFIGURED, spec));
        });
    keys.forEach(
        (key, config) -> {
          ServiceSlug slug = ServiceSlug.of(key);
          Service before = services.put(slug, service(slug, Service.Source.KEY, spec(config)));
          if (before != null) {
            throw new IllegalArgumentException(
                "services.%s and keys.%s are the same service; move the settings of the key to services.%s.policy"
                    .formatted(slug, key, slug));
          }
        });
    return List.copyOf(services.values());
  }

  private static ServiceSlug slug(String name) {
    try {
      return ServiceSlug.fromString(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("services." + name + ": " + e.getMessage(), e);
    }
  }

  private static Service service(ServiceSlug slug, Service.Source source, ServiceSpec spec) {
    return new Service(slug, source, spec, Health.AVAILABLE, null);
  }

  private static ServiceSpec spec(KeyConfig config) {
    ServicePolicy policy = config.overrides();
    return new ServiceSpec(
        null,
        null,
        null,
        config.ownProtocol(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        List.of(),
        policy,
        Map.of());
  }
}
