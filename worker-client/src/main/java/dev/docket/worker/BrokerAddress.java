package dev.docket.worker;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** Where the broker is, with its credentials, which it does not print. */
final class BrokerAddress {

  private final String uri;
  private final String shown;

  private BrokerAddress(String uri, String shown) {
    this.uri = uri;
    this.shown = shown;
  }

  /**
   * Reads {@code amqp://user:password@host:port/vhost}; {@code amqps} checks certificate and host
   * name by the JDK's trust store.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it, for it may hold
   *     a password
   */
  static BrokerAddress of(String uri) {
    if (!uri.matches("(?i)amqps?://.+")) {
      throw unusable();
    }
    BrokerAddress address = new BrokerAddress(uri, "");
    ConnectionFactory factory = address.connectionFactory();
    return new BrokerAddress(
        uri, factory.getHost() + ":" + factory.getPort() + " " + factory.getVirtualHost());
  }

  /** One that does not recover by itself, and gives up soon on a broker that does not answer. */
  ConnectionFactory connectionFactory() {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(uri);
      if (factory.isSSL()) {
        // The library's own default trusts everybody.
        factory.useSslProtocol(SSLContext.getDefault());
        factory.enableHostnameVerification();
      }
    } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException secret) {
      throw unusable();
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

  private static IllegalArgumentException unusable() {
    return new IllegalArgumentException(
        "broker: must be like amqp://user:password@host:5672/vhost");
  }

  @Override
  public String toString() {
    return shown;
  }
}
