package dev.docket.rabbit.connection;

import static dev.docket.rabbit.connection.SampleSettings.HEARTBEAT;
import static dev.docket.rabbit.connection.SampleSettings.MAX_UNCONFIRMED;
import static dev.docket.rabbit.connection.SampleSettings.PREFETCH;
import static dev.docket.rabbit.connection.SampleSettings.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RabbitSettingsTest {

  @Test
  void readsAUri() {
    RabbitSettings settings =
        SampleSettings.at(URI.create("amqps://joe:p%40ss@broker.example:5999/a%2Fb"));

    assertThat(settings.host()).isEqualTo("broker.example");
    assertThat(settings.port()).isEqualTo(5999);
    assertThat(settings.virtualHost()).isEqualTo("a/b");
    assertThat(settings.user()).isEqualTo("joe");
    assertThat(settings.password().value()).isEqualTo("p@ss");
    assertThat(settings.tls()).isTrue();
  }

  @Test
  void usesDefaultsForWhatTheUriOmits() {
    RabbitSettings settings = SampleSettings.at(URI.create("amqp://localhost"));

    assertThat(settings.port()).isEqualTo(5672);
    assertThat(settings.virtualHost()).isEqualTo("/");
    assertThat(settings.user()).isEqualTo("guest");
    assertThat(settings.tls()).isFalse();
    assertThat(settings.prefix()).isEmpty();
    assertThat(SampleSettings.at(URI.create("amqp://localhost/")).virtualHost()).isEqualTo("/");
    assertThat(SampleSettings.at(URI.create("amqps://localhost")).port()).isEqualTo(5671);
  }

  @Test
  void rejectsAnInvalidUriWithoutRepeatingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleSettings.at(URI.create("http://joe:secret@localhost")))
        .withMessage("uri must be like amqp://user:password@host:5672/vhost");
  }

  @Test
  void doesNotPrintThePassword() {
    RabbitSettings settings = SampleSettings.at(URI.create("amqp://joe:secret@localhost"));

    assertThat(settings.toString()).contains("[REDACTED]").doesNotContain("secret");
    assertThat(settings.address()).isEqualTo("localhost:5672 /");
  }

  @Test
  void rejectsValuesOutOfRangeByName() {
    rejects(HEARTBEAT, TIMEOUT, 0, PREFETCH, "maxUnconfirmed");
    rejects(HEARTBEAT, TIMEOUT, MAX_UNCONFIRMED, 65_536, "responsePrefetch");
    rejects(Duration.ZERO, TIMEOUT, MAX_UNCONFIRMED, PREFETCH, "heartbeat");
    rejects(HEARTBEAT, Duration.ZERO, MAX_UNCONFIRMED, PREFETCH, "connectionTimeout");
  }

  private static void rejects(
      Duration heartbeat, Duration timeout, int maxUnconfirmed, int prefetch, String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RabbitSettings.at(
                    URI.create("amqp://localhost"),
                    "",
                    heartbeat,
                    timeout,
                    maxUnconfirmed,
                    prefetch))
        .withMessageContaining(setting);
  }

  @Test
  void disablesAutomaticRecoveryAndUsesTls() {
    ConnectionFactory factory =
        SampleSettings.at(URI.create("amqps://localhost")).connectionFactory();

    assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
    assertThat(factory.isTopologyRecoveryEnabled()).isFalse();
    assertThat(factory.isSSL()).isTrue();
  }
}
