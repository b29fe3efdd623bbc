package dev.docket.rabbit.connection;

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
        RabbitSettings.at(URI.create("amqps://joe:p%40ss@broker.example:5999/a%2Fb"));

    assertThat(settings.host()).isEqualTo("broker.example");
    assertThat(settings.port()).isEqualTo(5999);
    assertThat(settings.virtualHost()).isEqualTo("a/b");
    assertThat(settings.user()).isEqualTo("joe");
    assertThat(settings.password().value()).isEqualTo("p@ss");
    assertThat(settings.tls()).isTrue();
    assertThat(settings.maxUnconfirmed()).isEqualTo(4096);
    assertThat(settings.responsePrefetch()).isEqualTo(500);
  }

  @Test
  void usesDefaultsForWhatTheUriOmits() {
    RabbitSettings settings = RabbitSettings.at(URI.create("amqp://localhost"));

    assertThat(settings.port()).isEqualTo(5672);
    assertThat(settings.virtualHost()).isEqualTo("/");
    assertThat(settings.user()).isEqualTo("guest");
    assertThat(settings.tls()).isFalse();
    assertThat(settings.prefix()).isEmpty();
    assertThat(RabbitSettings.at(URI.create("amqp://localhost/")).virtualHost()).isEqualTo("/");
    assertThat(RabbitSettings.at(URI.create("amqps://localhost")).port()).isEqualTo(5671);
  }

  @Test
  void rejectsAnInvalidUriWithoutRepeatingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RabbitSettings.at(URI.create("http://joe:secret@localhost")))
        .withMessage("uri must be like amqp://user:password@host:5672/vhost");
  }

  @Test
  void doesNotPrintThePassword() {
    RabbitSettings settings = RabbitSettings.at(URI.create("amqp://joe:secret@localhost"));

    assertThat(settings.toString()).contains("[REDACTED]").doesNotContain("secret");
    assertThat(settings.address()).isEqualTo("localhost:5672 /");
  }

  @Test
  void rejectsValuesOutOfRangeByName() {
    RabbitSettings valid = RabbitSettings.at(URI.create("amqp://localhost"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> valid.withMaxUnconfirmed(0))
        .withMessageContaining("maxUnconfirmed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> valid.withResponsePrefetch(65_536))
        .withMessageContaining("responsePrefetch");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> valid.withHeartbeat(Duration.ZERO))
        .withMessageContaining("heartbeat");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> valid.withConnectionTimeout(Duration.ZERO))
        .withMessageContaining("connectionTimeout");
  }

  @Test
  void disablesAutomaticRecoveryAndUsesTls() {
    ConnectionFactory factory =
        RabbitSettings.at(URI.create("amqps://localhost")).connectionFactory();

    assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
    assertThat(factory.isTopologyRecoveryEnabled()).isFalse();
    assertThat(factory.isSSL()).isTrue();
  }
}
