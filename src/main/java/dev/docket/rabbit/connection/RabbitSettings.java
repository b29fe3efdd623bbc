package dev.docket.rabbit.connection;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * Where the broker is, and how much it is asked to carry at once.
 *
 * @param tls whether the connection is encrypted; certificate and host name are then checked by the
 *     JDK's trust store
 * @param prefix what this installation puts before all its names on the broker
 * @param heartbeat a broker that says nothing for twice as long is lost
 * @param connectionTimeout for the connection, and for each step of its beginning
 * @param maxUnconfirmed the most messages that wait for the broker's confirmation, 1 or more
 * @param responsePrefetch the most answers taken from the broker and not yet stored, 1 to 65535
 */
public record RabbitSettings(
    String host,
    int port,
    String virtualHost,
    String user,
    Password password,
    boolean tls,
    String prefix,
    Duration heartbeat,
    Duration connectionTimeout,
    int maxUnconfirmed,
    int responsePrefetch) {

  private static final int MAX_PREFETCH = 65_535;

  /** What RabbitMQ takes, unless configured otherwise. */
  private static final int MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

  public RabbitSettings {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: must be 1 to 65535, was " + port);
    }
    if (maxUnconfirmed < 1) {
      throw new IllegalArgumentException(
          "maxUnconfirmed: must be 1 or more, was " + maxUnconfirmed);
    }
    if (responsePrefetch < 1 || responsePrefetch > MAX_PREFETCH) {
      throw new IllegalArgumentException(
          "responsePrefetch: must be 1 to 65535, was " + responsePrefetch);
    }
    if (heartbeat.toSeconds() < 1) {
      throw new IllegalArgumentException("heartbeat: must be 1 second or more, was " + heartbeat);
    }
    if (connectionTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "connectionTimeout: must be positive, was " + connectionTimeout);
    }
  }

  /** A password; it does not print itself. */
  public record Password(String value) {
    @Override
    public String toString() {
      return "[REDACTED]";
    }
  }

  /**
   * The broker at {@code amqp://user:password@host:port/vhost}, or {@code amqps}, with the defaults
   * for all that the address does not say.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it, for it may hold
   *     a password
   */
  public static RabbitSettings at(URI uri) {
    ConnectionFactory parsed = new ConnectionFactory();
    try {
      parsed.setUri(uri);
    } catch (GeneralSecurityException | IllegalArgumentException unusable) {
      throw new IllegalArgumentException("uri: must be like amqp://user:password@host:5672/vhost");
    }
    String virtualHost = parsed.getVirtualHost();
    return new RabbitSettings(
        parsed.getHost(),
        parsed.getPort(),
        virtualHost.isEmpty() ? ConnectionFactory.DEFAULT_VHOST : virtualHost,
        parsed.getUsername(),
        new Password(parsed.getPassword()),
        parsed.isSSL(),
        "",
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        4096,
        500);
  }

  public RabbitSettings withPrefix(String newPrefix) {
    return new RabbitSettings(
        host,
        port,
        virtualHost,
        user,
        password,
        tls,
        newPrefix,
        heartbeat,
        connectionTimeout,
        maxUnconfirmed,
        responsePrefetch);
  }

  public RabbitSettings withHeartbeat(Duration newHeartbeat) {
    return new RabbitSettings(
        host,
        port,
        virtualHost,
        user,
        password,
        tls,
        prefix,
        newHeartbeat,
        connectionTimeout,
        maxUnconfirmed,
        responsePrefetch);
  }

  public RabbitSettings withConnectionTimeout(Duration newTimeout) {
    return new RabbitSettings(
        host,
        port,
        virtualHost,
        user,
        password,
        tls,
        prefix,
        heartbeat,
        newTimeout,
        maxUnconfirmed,
        responsePrefetch);
  }

  public RabbitSettings withMaxUnconfirmed(int newMaximum) {
    return new RabbitSettings(
        host,
        port,
        virtualHost,
        user,
        password,
        tls,
        prefix,
        heartbeat,
        connectionTimeout,
        newMaximum,
        responsePrefetch);
  }

  public RabbitSettings withResponsePrefetch(int newPrefetch) {
    return new RabbitSettings(
        host,
        port,
        virtualHost,
        user,
        password,
        tls,
        prefix,
        heartbeat,
        connectionTimeout,
        maxUnconfirmed,
        newPrefetch);
  }

  /** One that does not recover by itself, and gives up soon on a broker that does not answer. */
  ConnectionFactory connectionFactory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(host);
    factory.setPort(port);
    factory.setVirtualHost(virtualHost);
    factory.setUsername(user);
    factory.setPassword(password.value());
    if (tls) {
      try {
        // The library's own default trusts everybody.
        factory.useSslProtocol(SSLContext.getDefault());
      } catch (GeneralSecurityException noTls) {
        throw new IllegalStateException("this Java has no default TLS", noTls);
      }
      factory.enableHostnameVerification();
    }
    int timeout = Math.toIntExact(connectionTimeout.toMillis());
    // A larger message than this would end the connection each time that it is delivered.
    factory.setMaxInboundMessageBodySize(MAX_MESSAGE_BYTES);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(Math.toIntExact(heartbeat.toSeconds()));
    factory.setConnectionTimeout(timeout);
    factory.setHandshakeTimeout(timeout);
    factory.setChannelRpcTimeout(timeout);
    factory.setShutdownTimeout(timeout);
    return factory;
  }

  /** The address, for logs. */
  public String address() {
    return host + ":" + port + " " + virtualHost;
  }
}
