package dev.docket.backends;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.server.plugin.ConnectionPropertyEnricher;
import org.apache.qpid.server.transport.AMQPConnection;

/**
 * Tells AMQP clients that the embedded broker has publisher confirms, which it does not say by
 * itself; pika refuses to use what is not announced. Found by the broker as a service.
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
