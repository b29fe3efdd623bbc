package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.document.TargetType;
import dev.docket.service.Service;
import dev.docket.service.ServicePolicy;
import dev.docket.service.ValueType;
import dev.docket.task.KeyLimits;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Services of the configuration, and the policies that follow from them. */
final class ServiceConfigTest {

  private static Map<String, Service> services(String yaml) throws Exception {
    return ServerConfigTest.parse(yaml).services().stream()
        .collect(Collectors.toMap(service -> service.slug().value(), Function.identity()));
  }

  @Test
  void readsAllFields() throws Exception {
    Service service =
        services(
                """
                services:
                  asr:
                    name: Speech
                    summary: s
                    description: d
                    protocol: docket
                    types: [Video, Sound]
                    inputs: [{name: audio, type: file, mediaTypes: [audio/wav], mandatory: true}]
                    outputs: [{name: text, type: text, title: Text, formatHint: {a: 1}}]
                    options: [{name: beam, type: integer, default: 5, min: 1, max: 10}]
                    rejectUnknown: true
                    tags: [speech]
                    links: [{href: "https://example.org", title: Manual}]
                    policy: {maxAttempts: 2, backoff: 1s, backoffMax: 1m, lease: 30s, timeout: 2h,
                             unansweredAfter: 1d}
                    metadata: {acronym: ASR}
                """)
            .get("asr");

    assertThat(service.source()).isEqualTo(Service.Source.CONFIGURED);
    assertThat(service.key()).isEqualTo(new TaskKey("ASR"));
    assertThat(service.spec().types()).containsExactly(TargetType.VIDEO, TargetType.SOUND);
    assertThat(service.spec().inputs().get(0).mediaTypes()).containsExactly("audio/wav");
    assertThat(service.spec().inputs().get(0).isMandatory()).isTrue();
    assertThat(service.spec().outputs().get(0).type()).isEqualTo(ValueType.TEXT);
    assertThat(service.spec().options().get(0).defaultValue()).isEqualTo(5);
    assertThat(service.spec().rejectUnknown()).isTrue();
    assertThat(service.spec().policy())
        .isEqualTo(
            new ServicePolicy(
                2,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                Duration.ofHours(2),
                Duration.ofDays(1)));
    assertThat(service.spec().metadata()).isEqualTo(Map.of("acronym", "ASR"));
  }

  @Test
  void keysAreServicesWithTheirSettings() throws Exception {
    Map<String, Service> services =
        services("keys: {ASR: {protocol: docket, maxAttempts: 2}, ocr: {}}\nservices: {empty: }");
    assertThat(services).containsOnlyKeys("asr", "ocr", "empty");
    assertThat(services.get("asr").source()).isEqualTo(Service.Source.KEY);
    assertThat(services.get("asr").spec().protocol()).isEqualTo("docket");
    assertThat(services.get("asr").spec().policy().maxAttempts()).isEqualTo(2);
    assertThat(services.get("ocr").spec().policy()).isEqualTo(ServicePolicy.NONE);
  }

  @Test
  void limitsOfServicesAndKeysReplaceTheDefault() throws Exception {
    DocketConfig config =
        ServerConfigTest.parse(
            """
            tasks: {limits: {concurrency: 9}}
            keys: {OCR: {limits: {}}, NER: {maxAttempts: 2}}
            services: {asr: {limits: {concurrency: 3}}, vad: {limits: {}}, empty: }
            """);
    assertThat(config.limits())
        .isEqualTo(
            Map.of(
                new TaskKey("OCR"), KeyLimits.NONE,
                new TaskKey("ASR"), new KeyLimits(null, 3, null),
                new TaskKey("VAD"), KeyLimits.NONE));
  }

  @Test
  void rejectsEachMistakeAtItsPlace() {
    Map<String, String> mistakes =
        Map.of(
            "services: {A B: {}}", "services.A B: must be 1 to 64 characters of a-z 0-9 _ -",
            "services: {asr: {}}\nkeys: {ASR: {}}", "services.asr and keys.ASR are the same",
            "services: {asr: {options: [{name: a, type: integer, default: x}]}}",
                "options.0.default must be an integer",
            "services: {asr: {policy: {protocol: docket}}}", "policy.protocol",
            "services: {asr: {policy: {limits: {concurrency: 3}}}}",
                "policy.limits must be a setting of the service itself",
            "services: {asr: {limits: {concurrency: 0}}}", "services[asr].limits.concurrency",
            "services: {asr: {policy: {maxAttempts: 0}}}", "maxAttempts",
            "services: {asr: {tags: [null]}}", "tags",
            "services: {asr: {links: [{href: 'ftp://x'}]}}", "links.0.href must be an http",
            "services: {asr: {surprise: 1}}", "surprise");
    mistakes.forEach(
        (yaml, message) ->
            assertThatThrownBy(() -> ServerConfigTest.parse(yaml))
                .as(yaml)
                .hasMessageContaining(message));
  }

  @Test
  void eachSettingComesFromTheServiceThenTheKeyThenTheDefaults() throws Exception {
    DocketConfig config =
        ServerConfigTest.parse(
            "tasks: {maxAttempts: 9, backoff: 9s, lease: 9s}\n"
                + "keys: {ASR: {maxAttempts: 8, backoff: 8s}}");
    assertThat(ServicePoliciesTest.policies(config, List.of()).of(new TaskKey("ASR")))
        .matches(policy -> policy.maxAttempts() == 8)
        .matches(policy -> policy.leaseSeconds() == 9);
  }
}
