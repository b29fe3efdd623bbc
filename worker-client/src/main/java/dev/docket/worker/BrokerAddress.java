package dev.docket.worker;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** The address of the broker with its credentials. {@link #toString} omits the credentials. */
final class BrokerAddress {

  private final String uri;
  private final String displayName;

  private BrokerAddress(String uri, String displayName) {
    this.uri = uri;
    this.displayName = displayName;
  }

  /**
   * Parses {@code amqp://user:password@host:port/vhost}. With {@code amqps} the client verifies the
   * certificate, against the JDK's trust store, and the host name.
   *
   * @throws IllegalArgumentException if the address is invalid; the message does not repeat the
   *     address, because it may contain a password
   */
  static BrokerAddress of(String uri) {
    if (!uri.matches("(?i)amqps?://.+")) {
      throw invalidAddress();
    }
    BrokerAddress address = new BrokerAddress(uri, "");
    ConnectionFactory factory = address.connectionFactory();
    return new BrokerAddress(
        uri, factory.getHost() + ":" + factory.getPort() + " " + factory.getVirtualHost());
  }

  /** A factory without automatic recovery, and with short timeouts for a broker that hangs. */
  ConnectionFactory connectionFactory() {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
      if (factory.isSSL()) {
        // The default of the RabbitMQ client trusts every certificate.
        factory.useSslProtocol(SSLContext.getDefault());
        factory.enableHostnameVerification();
      }
    } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
      throw invalidAddress();
    }
    if (factory.getVirtualHost().isEmpty()) {
      factory.setVirtualHost(ConnectionFactory.DEFAULT_VHOST);
    }
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(15);
    factory.setConnectionTimeout(10_000);
    factory.setHandshakeTimeout(10_000);
    factory.setChannelRpcTimeout(15_000);
    factory.setShutdownTimeout(5_000);
    return factory;
  }

  private static IllegalArgumentException invalidAddress() {
    return new IllegalArgumentException("broker must be like amqp://user:password@host:5672/vhost");
  }

  @Override
  public String toString() {
    return displayName;
  }
}
