package dev.docket.backends;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.server.plugin.ConnectionPropertyEnricher;
import org.apache.qpid.server.transport.AMQPConnection;

/**
 * Announces publisher confirms to AMQP clients. Qpid supports them but does not announce them, and
 * pika uses only announced capabilities. Qpid finds this class as a {@code ServiceLoader} provider.
 */
public final class ConfirmCapabilities implements ConnectionPropertyEnricher {

  static final String TYPE = "DOCKET_CONFIRMS";

  @Override
  public Map<String, Object> addConnectionProperties(
      AMQPConnection<?> connection, Map<String, Object> existing) {
    Map<String, Object> properties = new HashMap<>(existing);
    properties.put("capabilities", Map.of("publisher_confirms", true, "basic.nack", true));
    return properties;
  }

  @Override
  public String getType() {
    return TYPE;
  }
}
