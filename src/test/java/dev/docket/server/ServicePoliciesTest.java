package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.broker.BrokerNames;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.protocol.manual.ManualProtocol;
import dev.docket.service.Health;
import dev.docket.service.Service;
import dev.docket.service.ServicePolicy;
import dev.docket.service.ServiceSlug;
import dev.docket.service.ServiceSpec;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServicePoliciesTest {

  private static final TaskKey ASR = new TaskKey("ASR");

  private final List<Service> services = new ArrayList<>();

  static ServicePolicies policies(DocketConfig config, List<Service> services) {
    WorkerProtocols protocols =
        WorkerProtocols.of(
            new BrokerNames(""), List.of(DocketProtocol::new, names -> new ManualProtocol()));
    return new ServicePolicies(
        new ConfiguredPolicies(config.tasks(), config.keys(), protocols, 10),
        key -> services.stream().filter(service -> service.key().equals(key)).findFirst());
  }

  private void set(String protocol, ServicePolicy policy) {
    services.clear();
    services.add(
        new Service(
            ServiceSlug.of(ASR),
            Service.Source.MANAGED,
            spec(protocol, policy),
            Health.AVAILABLE,
            null));
  }

  @Test
  void settingsOfTheServiceTakePrecedence() throws Exception {
    ServicePolicies policies =
        policies(
            ServerConfigTest.parse(
                "tasks: {lease: 9s, timeout: 9h}\nkeys: {ASR: {maxAttempts: 8, backoff: 8s}}"),
            services);
    set(
        "manual",
        new ServicePolicy(7, null, Duration.ofSeconds(7), null, null, Duration.ofDays(7)));

    Policy policy = policies.of(ASR);
    assertThat(policy.protocol()).isEqualTo("manual");
    assertThat(policy.maxAttempts()).isEqualTo(7);
    assertThat(policy.backoff()).isEqualTo(Duration.ofSeconds(8));
    assertThat(policy.backoffMax()).isEqualTo(Duration.ofSeconds(7));
    assertThat(policy.leaseSeconds()).isEqualTo(9);
    assertThat(policy.timeout()).isEqualTo(Duration.ofHours(9));
    assertThat(policies.of(new TaskKey("OCR")).protocol()).isEqualTo("docket");
  }

  @Test
  void runKeepsItsProtocolAndGetsTheOtherSettings() throws Exception {
    ServicePolicies policies = policies(ServerConfigTest.parse("server: {}"), services);
    Task task = TaskSamples.task("ASR");
    services.add(
        new Service(
            ServiceSlug.of(task.key()),
            Service.Source.MANAGED,
            spec("manual", new ServicePolicy(7, null, null, null, null, null)),
            Health.AVAILABLE,
            null));

    assertThat(policies.of(task).protocol()).isEqualTo(task.run().protocol());
    assertThat(policies.of(task).maxAttempts()).isEqualTo(7);
    assertThat(policies.of(task.key()).protocol()).isEqualTo("manual");
    services.clear();
    assertThat(policies.of(task).maxAttempts()).isEqualTo(3);
  }

  private static ServiceSpec spec(String protocol, ServicePolicy policy) {
    return new ServiceSpec(
        null, null, null, protocol, List.of(), List.of(), List.of(), List.of(), null, List.of(),
        List.of(), policy, Map.of());
  }

  @Test
  void unknownProtocolOfAServiceNamesTheConfiguredOnes() throws Exception {
    ServicePolicies policies = policies(ServerConfigTest.parse("server: {}"), services);
    set("smoke", ServicePolicy.NONE);
    assertThatThrownBy(() -> policies.of(ASR))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("smoke")
        .hasMessageContaining("docket");
  }
}
