package dev.docket.service;

import dev.docket.document.TargetType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Services for tests. */
final class ServiceSamples {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  static final Health SLEEPING =
      new Health(HealthState.SLEEPING, "nothing to do", NOW, "asr-worker");

  static final ServiceSpec FULL =
      new ServiceSpec(
          "Speech recognition – 𝕊",
          "Transcribes speech",
          "Long\ntext",
          "docket",
          List.of(TargetType.VIDEO, TargetType.SOUND),
          List.of(
              new Field(
                  "audio",
                  "Audio",
                  null,
                  ValueType.FILE,
                  List.of("audio/wav", "audio/*"),
                  List.of(),
                  true,
                  Map.of("channels", 1))),
          List.of(
              new Field(
                  "quality",
                  null,
                  null,
                  ValueType.STRING,
                  List.of(),
                  List.of("good", "bad"),
                  null,
                  null)),
          List.of(
              option("language", ValueType.STRING, "nl", null, null, List.of("nl", "en")),
              option("beam", ValueType.INTEGER, 5, 1, 10, List.of()),
              option("prompt", ValueType.STRING, "", null, null, List.of()),
              option("weight", ValueType.NUMBER, new BigDecimal("0.50"), null, null, List.of())),
          true,
          List.of("speech"),
          List.of(new Link("https://example.org/asr", "Manual")),
          new ServicePolicy(
              5, Duration.ofSeconds(1), null, Duration.ofSeconds(90), Duration.ofHours(2), null),
          Map.of("acronym", "ASR"));

  private ServiceSamples() {}

  static Option option(
      String name, ValueType type, Object value, Number min, Number max, List<Object> allowed) {
    return new Option(name, null, null, type, value, min, max, allowed, null);
  }

  static Option mandatory(String name, ValueType type) {
    return new Option(name, null, null, type, null, null, null, List.of(), true);
  }

  static ServiceSpec withOptions(Boolean rejectUnknown, Option... options) {
    ServiceSpec none = ServiceSpec.EMPTY;
    return new ServiceSpec(
        null,
        null,
        null,
        null,
        none.types(),
        none.inputs(),
        none.outputs(),
        List.of(options),
        rejectUnknown,
        none.tags(),
        none.links(),
        none.policy(),
        none.metadata());
  }

  static StoredService stored(String slug, ServiceSpec spec) {
    return new StoredService(
        new ServiceSlug(slug),
        spec,
        new Service.History(NOW, "operator", NOW, "operator", 1),
        Health.AVAILABLE,
        null);
  }

  static Service service(String slug, Service.Source source, ServiceSpec spec) {
    return new Service(new ServiceSlug(slug), source, spec, Health.AVAILABLE, null);
  }
}
