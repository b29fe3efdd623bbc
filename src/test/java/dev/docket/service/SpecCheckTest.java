package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.document.TargetType;
import dev.docket.http.Problem.FieldError;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SpecCheckTest {

  private static final Set<String> PROTOCOLS = Set.of("docket", "manual");

  @Test
  void acceptsCompleteAndEmptyServices() {
    assertThat(SpecCheck.violations(ServiceSamples.FULL, PROTOCOLS)).isEmpty();
    assertThat(SpecCheck.violations(ServiceSpec.EMPTY, PROTOCOLS)).isEmpty();
  }

  /** The reader of the configuration accepts null items, unlike that of HTTP. */
  @Test
  void reportsItemsThatAreNull() {
    List<String> noName = Arrays.asList((String) null);
    List<Object> noValue = Arrays.asList((Object) null);
    ServiceSpec spec =
        new ServiceSpec(
            null,
            null,
            null,
            null,
            List.of(),
            List.of(new Field("f", null, null, ValueType.TEXT, noName, noValue, null, null)),
            List.of(),
            List.of(ServiceSamples.option("o", ValueType.STRING, "x", null, null, noValue)),
            null,
            List.of(),
            List.of(),
            ServicePolicy.NONE,
            Map.of());

    assertThat(SpecCheck.violations(spec, PROTOCOLS))
        .extracting(FieldError::pointer)
        .containsExactlyInAnyOrder(
            "/inputs/0/allowed/0",
            "/inputs/0/media_types/0",
            "/options/0/allowed/0",
            "/options/0/default");
  }

  @Test
  void reportsAllViolations() {
    Field field =
        new Field("a b", null, null, ValueType.INTEGER, List.of("png"), List.of("x"), null, null);
    ServiceSpec spec =
        new ServiceSpec(
            "n".repeat(257),
            null,
            null,
            "smoke",
            List.of(TargetType.TEXT, TargetType.TEXT),
            List.of(field),
            List.of(),
            List.of(
                ServiceSamples.option("a", ValueType.STRING, 1, 1, 2, List.of()),
                ServiceSamples.option("a", ValueType.INTEGER, 11, 5, 4, List.of()),
                new Option("b", null, null, ValueType.STRING, "x", null, null, List.of(), true),
                new Option(null, null, null, null, null, null, null, null, null)),
            null,
            List.of("", "t", "t"),
            List.of(new Link("javascript:alert(1)", null), new Link(null, null)),
            new ServicePolicy(
                0,
                Duration.ZERO,
                Duration.ofDays(366),
                Duration.ofHours(2),
                Duration.ofMillis(1),
                Duration.ofSeconds(Long.MAX_VALUE)),
            Map.of("big", "m".repeat(40_000)));

    assertThat(SpecCheck.violations(spec, PROTOCOLS))
        .extracting(FieldError::pointer)
        .containsExactlyInAnyOrder(
            "/name",
            "/protocol",
            "/types/1",
            "/inputs/0/name",
            "/inputs/0/allowed/0",
            "/inputs/0/media_types/0",
            "/options/0/default",
            "/options/0/min",
            "/options/0/max",
            "/options/1/name",
            "/options/1/max",
            "/options/1/default",
            "/options/2/default",
            "/options/3/name",
            "/options/3/type",
            "/tags/0",
            "/tags/2",
            "/links/0/href",
            "/links/1/href",
            "/policy/max_attempts",
            "/policy/backoff",
            "/policy/backoff_max",
            "/policy/lease",
            "/policy/timeout",
            "/policy/unanswered_after",
            "/metadata");
  }

  @Test
  void limitsTheNumberOfOptions() {
    Option option = ServiceSamples.mandatory("a", ValueType.STRING);
    ServiceSpec spec =
        ServiceSamples.withOptions(null, Collections.nCopies(101, option).toArray(Option[]::new));
    assertThat(SpecCheck.violations(spec, PROTOCOLS))
        .contains(new FieldError("/options", "must have at most 100 items"));
  }
}
