package dev.docket.rabbit.connection;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * Address of the broker, with credentials, timeouts and limits.
 *
 * @param tls whether the connection is encrypted; the certificate is then checked against the JDK's
 *     trust store, and the host name against the certificate
 * @param prefix prefix of the names of all exchanges and queues of this installation
 * @param heartbeat interval of heartbeats; the connection is lost after two intervals of silence
 * @param connectionTimeout for establishing the TCP connection, the handshake, and each request
 * @param maxUnconfirmed maximum number of messages without a publisher confirm, at least 1
 * @param responsePrefetch maximum number of replies that are received and not yet stored, 1 to
 *     65535
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

  /** RabbitMQ's default for the maximum size of a message. */
  private static final int MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

  public RabbitSettings {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be between 1 and 65535 (was " + port + ")");
    }
    if (maxUnconfirmed < 1) {
      throw new IllegalArgumentException(
          "maxUnconfirmed must be at least 1 (was " + maxUnconfirmed + ")");
    }
    if (responsePrefetch < 1 || responsePrefetch > MAX_PREFETCH) {
      throw new IllegalArgumentException(
          "responsePrefetch must be between 1 and 65535 (was " + responsePrefetch + ")");
    }
    if (heartbeat.toSeconds() < 1) {
      throw new IllegalArgumentException("heartbeat must be at least 1 s (was " + heartbeat + ")");
    }
    if (connectionTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "connectionTimeout must be at least 1 ms (was " + connectionTimeout + ")");
    }
  }

  /** A password, redacted in its string form. */
  public record Password(String value) {
    @Override
    public String toString() {
      return "[REDACTED]";
    }
  }

  /**
   * Settings for the broker at {@code amqp://user:password@host:port/vhost} or {@code amqps://…}.
   *
   * @throws IllegalArgumentException if the URI is invalid; the message does not contain the URI,
   *     because that may contain a password
   */
  public static RabbitSettings at(
      URI uri,
      String prefix,
      Duration heartbeat,
      Duration connectionTimeout,
      int maxUnconfirmed,
      int responsePrefetch) {
    ConnectionFactory parsed = new ConnectionFactory();
    try {
      parsed.setUri(uri);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("uri must be like amqp://user:password@host:5672/vhost");
    }
    String virtualHost = parsed.getVirtualHost();
    return new RabbitSettings(
        parsed.getHost(),
        parsed.getPort(),
        virtualHost.isEmpty() ? ConnectionFactory.DEFAULT_VHOST : virtualHost,
        parsed.getUsername(),
        new Password(parsed.getPassword()),
        parsed.isSSL(),
        prefix,
        heartbeat,
        connectionTimeout,
        maxUnconfirmed,
        responsePrefetch);
  }

  /** A factory without automatic recovery, and with timeouts for every request to the broker. */
  ConnectionFactory connectionFactory() {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(host);
    factory.setPort(port);
    factory.setVirtualHost(virtualHost);
    factory.setUsername(user);
    factory.setPassword(password.value());
    if (tls) {
      try {
        // By default the client library trusts every certificate.
        factory.useSslProtocol(SSLContext.getDefault());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java runtime has no default TLS context", e);
      }
      factory.enableHostnameVerification();
    }
    int timeout = Math.toIntExact(connectionTimeout.toMillis());
    // The client closes the connection each time it receives a message above this limit.
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

  /** Host, port and virtual host, for logs and error messages. */
  public String address() {
    return host + ":" + port + " " + virtualHost;
  }
}
