package dev.docket.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BrokerAddressTest {

  @Test
  void itDoesNotPrintItsPassword() {
    assertThat(BrokerAddress.of("amqp://ann:s3cret@broker:5673/archive"))
        .hasToString("broker:5673 archive");
    assertThatThrownBy(() -> BrokerAddress.of("http://ann:s3cret@broker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("amqp://user:password@host")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void anEmptyPathIsTheDefaultHost() {
    assertThat(BrokerAddress.of("amqp://localhost")).hasToString("localhost:5672 /");
    assertThat(BrokerAddress.of("amqp://localhost/")).hasToString("localhost:5672 /");
    assertThat(BrokerAddress.of("amqp://localhost/%2f")).hasToString("localhost:5672 /");
  }

  @Test
  void recoveryIsTheWorkersOwn() {
    var factory = BrokerAddress.of("amqps://localhost").connectionFactory();
    assertThat(factory.isSSL()).isTrue();
    assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
  }
}
