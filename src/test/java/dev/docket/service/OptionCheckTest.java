package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.http.Problem.FieldError;
import dev.docket.task.ArgumentCheck;
import dev.docket.task.TaskKey;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OptionCheckTest {

  private static final TaskKey KEY = new TaskKey("ASR");

  private static ArgumentCheck.Checked check(ServiceSpec spec, Map<String, Object> args) {
    Service service = ServiceSamples.service("asr", Service.Source.MANAGED, spec);
    return new OptionCheck(key -> key.equals(KEY) ? Optional.of(service) : Optional.empty())
        .check(KEY, args, "/args");
  }

  @Test
  void addsDefaultsAndKeepsOtherArguments() {
    ArgumentCheck.Checked checked =
        check(
            ServiceSamples.withOptions(
                null,
                ServiceSamples.option("language", ValueType.STRING, "nl", null, null, List.of()),
                ServiceSamples.option("beam", ValueType.INTEGER, 5, 1, 10, List.of())),
            Map.of("beam", 3, "other", true));

    assertThat(checked.violations()).isEmpty();
    assertThat(checked.args())
        .containsExactlyInAnyOrderEntriesOf(Map.of("beam", 3, "other", true, "language", "nl"));
  }

  @Test
  void serviceWithoutOptionsAndKeyWithoutServiceAcceptEverything() {
    Map<String, Object> args = Map.of("anything", 1);
    assertThat(check(ServiceSamples.withOptions(true), args).violations()).isEmpty();
    OptionCheck check = new OptionCheck(key -> Optional.empty());
    assertThat(check.check(KEY, args, "/args").args()).isSameAs(args);
  }

  @Test
  void reportsEachViolationWithItsPointer() {
    ServiceSpec spec =
        ServiceSamples.withOptions(
            true,
            ServiceSamples.mandatory("language", ValueType.STRING),
            ServiceSamples.option("beam", ValueType.INTEGER, null, 1, 10, List.of()),
            ServiceSamples.option("min", ValueType.NUMBER, null, 0.5, null, List.of()),
            ServiceSamples.option("max", ValueType.NUMBER, null, null, 2, List.of()),
            ServiceSamples.option("model", ValueType.STRING, null, null, null, List.of("a", "b")),
            ServiceSamples.option("fast", ValueType.BOOLEAN, null, null, null, List.of()));

    assertThat(
            check(
                    spec,
                    Map.of(
                        "beam", 11, "min", 0.25, "max", 3, "model", "c", "fast", "yes", "x/y~", 1))
                .violations())
        .containsExactlyInAnyOrder(
            new FieldError("/args/language", "is required, and must be a string"),
            new FieldError("/args/beam", "must be between 1 and 10"),
            new FieldError("/args/min", "must be at least 0.5"),
            new FieldError("/args/max", "must be at most 2"),
            new FieldError("/args/model", "must be one of [a, b]"),
            new FieldError("/args/fast", "must be true or false"),
            new FieldError(
                "/args/x~1y~0",
                "is an unknown argument; allowed are language, beam, min, max, model, fast"));
  }

  @Test
  void nullCountsAsAbsent() {
    Map<String, Object> args = new HashMap<>();
    args.put("language", null);
    ServiceSpec mandatory =
        ServiceSamples.withOptions(null, ServiceSamples.mandatory("language", ValueType.STRING));
    ServiceSpec defaulted =
        ServiceSamples.withOptions(
            null, ServiceSamples.option("language", ValueType.STRING, "nl", null, null, List.of()));

    assertThat(check(mandatory, args).violations()).hasSize(1);
    assertThat(check(defaulted, args).args()).isEqualTo(Map.of("language", "nl"));
  }

  @Test
  void comparesNumbersByValue() {
    ServiceSpec spec =
        ServiceSamples.withOptions(
            null,
            ServiceSamples.option("n", ValueType.INTEGER, null, null, null, List.of(1, 1000)));

    for (Object value : Arrays.asList(1, 1L, new BigDecimal("1.0"), new BigDecimal("1E+3"))) {
      assertThat(check(spec, Map.of("n", value)).violations()).as("%s", value).isEmpty();
    }
    assertThat(check(spec, Map.of("n", new BigDecimal("1.5"))).violations())
        .containsExactly(new FieldError("/args/n", "must be an integer"));
    assertThat(check(spec, Map.of("n", new BigDecimal("1E+999999999"))).violations())
        .containsExactly(new FieldError("/args/n", "must be one of [1, 1000]"));
  }
}
