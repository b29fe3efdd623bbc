package dev.docket.backends;

import java.lang.reflect.Field;
import java.util.Map;
import org.apache.qpid.server.queue.QueueArgumentsConverter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the embedded broker treat RabbitMQ's {@code x-max-priority} as its own {@code
 * x-qpid-priorities}. Qpid's table of argument names is private, so this class uses reflection. If
 * that fails, the broker works but ignores priorities.
 */
final class PriorityArgument {

  private static final Logger LOG = LoggerFactory.getLogger(PriorityArgument.class);
  private static final String QPID_ATTRIBUTE = "priorities";

  private PriorityArgument() {}

  @SuppressWarnings("unchecked")
  static void install() {
    try {
      Field mappings = QueueArgumentsConverter.class.getDeclaredField("ATTRIBUTE_MAPPINGS");
      mappings.setAccessible(true);
      Map<String, String> names = (Map<String, String>) mappings.get(null);
      synchronized (PriorityArgument.class) {
        names.putIfAbsent("x-max-priority", QPID_ATTRIBUTE);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn("The embedded broker ignores x-max-priority: {}", e.toString());
    }
  }
}
