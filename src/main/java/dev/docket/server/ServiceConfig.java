package dev.docket.server;

import dev.docket.document.TargetType;
import dev.docket.service.Field;
import dev.docket.service.Link;
import dev.docket.service.Option;
import dev.docket.service.ServiceSpec;
import dev.docket.service.SpecCheck;
import dev.docket.task.KeyLimits;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A service in the configuration. Its fields are those of a service in the HTTP API. */
@SelfValidating
public final class ServiceConfig {

  @Setting private @Nullable String name;
  @Setting private @Nullable String summary;
  @Setting private @Nullable String description;
  @Setting private @Nullable String protocol;
  @Setting @NotNull private List<@NotNull TargetType> types = List.of();
  @Setting @NotNull private List<@NotNull Field> inputs = List.of();
  @Setting @NotNull private List<@NotNull Field> outputs = List.of();
  @Setting @NotNull private List<@NotNull Option> options = List.of();
  @Setting private Boolean rejectUnknown = false;
  @Setting @NotNull private List<@NotNull String> tags = List.of();
  @Setting @NotNull private List<@NotNull Link> links = List.of();
  @Setting @NotNull @Valid private KeyConfig policy = new KeyConfig();
  @Setting @NotNull private Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
  @Setting @Valid private @Nullable LimitConfig limits;

  /** Reports everything that is wrong, apart from items that are null. */
  @SelfValidation
  public void checkSpec(ViolationCollector violations) {
    if (policy != null && policy.hasProtocol()) {
      violations.addViolation("policy.protocol", "must be a setting of the service itself");
    }
    if (policy != null && policy.hasLimits()) {
      violations.addViolation("policy.limits", "must be a setting of the service itself");
    }
    boolean isComplete =
        policy != null
            && Stream.of(types, inputs, outputs, options, tags, links)
                .allMatch(list -> list != null && list.stream().allMatch(Objects::nonNull));
    if (isComplete) {
      SpecCheck.violations(spec(), protocol == null ? Set.of() : Set.of(protocol))
          .forEach(
              error ->
                  violations.addViolation(
                      error.pointer().substring(1).replace('/', '.'), error.detail()));
    }
  }

  /** The limits of the key; null for the default. */
  @Nullable KeyLimits limits() {
    return limits == null ? null : limits.limits();
  }

  /** The service as the HTTP API describes it. */
  ServiceSpec spec() {
    return new ServiceSpec(
        name,
        summary,
        description,
        protocol,
        types,
        inputs,
        outputs,
        options,
        rejectUnknown ? true : null,
        tags,
        links,
        policy.overrides(),
        metadata);
  }
}
