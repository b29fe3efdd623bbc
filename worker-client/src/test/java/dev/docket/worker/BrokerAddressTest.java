package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BrokerAddressTest {

  @Test
  void doesNotPrintPassword() {
    assertThat(BrokerAddress.of("amqp://ann:s3cret@broker:5673/archive"))
        .hasToString("broker:5673 archive");
    assertThatThrownBy(() -> BrokerAddress.of("http://ann:s3cret@broker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("amqp://user:password@host")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void emptyPathSelectsDefaultVirtualHost() {
    assertThat(BrokerAddress.of("amqp://localhost")).hasToString("localhost:5672 /");
    assertThat(BrokerAddress.of("amqp://localhost/")).hasToString("localhost:5672 /");
    assertThat(BrokerAddress.of("amqp://localhost/%2f")).hasToString("localhost:5672 /");
  }

  @Test
  void disablesAutomaticRecoveryOfClient() {
    var factory = BrokerAddress.of("amqps://localhost").connectionFactory();
    assertThat(factory.isSSL()).isTrue();
    assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
  }
}
