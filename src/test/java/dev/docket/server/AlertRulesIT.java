package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.docket.backends.junit.BackendsExtension;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alert rules of the documentation, with promtool, and with Prometheus and two servers. */
final class AlertRulesIT {

  @RegisterExtension static final BackendsExtension BACKENDS = BackendsExtension.embedded();

  private static final Path ROOT = Path.of(System.getProperty("docket.root"));
  private static final Path RULES = ROOT.resolve("docs/alerts.yml");
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir Path directory;

  /** The names of the alerts. */
  static List<String> alerts() throws Exception {
    List<String> alerts = new ArrayList<>();
    new ObjectMapper(new YAMLFactory())
        .readTree(RULES.toFile())
        .findValues("alert")
        .forEach(name -> alerts.add(name.asText()));
    assertThat(alerts).isNotEmpty();
    return alerts;
  }

  private void promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/promtool"));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("promtool.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("%s", Files.readString(output)).isZero();
  }

  @Test
  void rulesAreValid() throws Exception {
    promtool("check", "rules", RULES.toString());
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void alertFiresOnlyWhenItShould(String alert) throws Exception {
    promtool(
        "test", "rules", ROOT.resolve("src/test/resources/alerts/" + alert + ".yml").toString());
  }

  private static TestServer server() throws Exception {
    String management = BACKENDS.backends().management().orElseThrow().toString();
    return new TestServer(
        TestServer.config(
                BACKENDS.backends().elasticsearch(),
                BACKENDS.backends().amqp(),
                BACKENDS.prefix(),
                "")
            .replace("broker: {", "broker: {management: \"" + management + "\", ")
            .replace("sweeps: {", "sweeps: {census: 5s, "));
  }

  /** The rules, with which a sweep is late after seconds. */
  private Path impatientRules() throws Exception {
    String rules = Files.readString(RULES);
    assertThat(rules).contains("> 300 + 3 * ");
    return Files.writeString(
        directory.resolve("alerts.yml"), rules.replace("> 300 + 3 * ", "> 20 + 3 * "));
  }

  @Test
  void healthyPairOfServersRaisesNoAlert() throws Exception {
    try (TestServer first = server();
        Prometheus prometheus = new Prometheus(directory, impatientRules())) {
      URI stopped;
      try (TestServer second = server()) {
        stopped = second.admin();
        prometheus.start(first.admin(), second.admin());
        await()
            .atMost(TIMEOUT)
            .untilAsserted(
                () -> {
                  assertThat(prometheus.query("docket_leader == 1")).hasSize(1);
                  assertThat(
                          prometheus.query(
                              "docket_sweep_age_seconds{sweep=\"overdue\"} > 25"
                                  + " unless on (instance) docket_leader == 1"))
                      .as("the standby, which does not run the sweeps of the leader")
                      .hasSize(1);
                  assertThat(prometheus.query("count_over_time(up{job=\"docket\"}[10m]) > 30"))
                      .hasSize(2);
                });

        assertThat(prometheus.ruleErrors()).isEmpty();
        assertThat(prometheus.alerts()).isEmpty();
        assertThat(prometheus.query("ALERTS{alertname=\"DocketSweepStopped\"}[10m]")).isEmpty();
      }

      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                JsonNode alert = prometheus.alerts().path(0);
                assertThat(alert.at("/labels/alertname").asText()).isEqualTo("DocketServerDown");
                assertThat(alert.at("/labels/instance").asText()).isEqualTo(stopped.getAuthority());
              });
    }
  }
}
