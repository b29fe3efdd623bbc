package dev.docket.backends;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Configures Qpid so that RabbitMQ clients work with it. */
record QpidConfiguration(Optional<Path> store, int port) {

  static final String USER = "guest";
  static final String PASSWORD = "guest";

  /** Starts a broker. The file that the attributes name exists only during the call. */
  @FunctionalInterface
  interface Launcher {
    void launch(Map<String, Object> systemAttributes) throws Exception;
  }

  void launch(Launcher launcher) throws Exception {
    Path file = Files.createTempFile("docket-broker-", ".json");
    try {
      Files.writeString(file, json(broker()));
      launcher.launch(
          Map.of(
              "type",
              "Memory",
              "initialConfigurationLocation",
              file.toUri().toString(),
              "startupLoggedToSystemOut",
              false,
              "context",
              context(store.orElse(file.resolveSibling("docket-broker-work")))));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Map<String, String> context(Path work) {
    Map<String, String> context = new TreeMap<>();
    context.put("qpid.work_dir", work.toString());
    // Otherwise unknown arguments such as x-max-length close the connection.
    context.put("queue.behaviourOnUnknownDeclareArgument", "LOG");
    context.put("exchange.behaviourOnUnknownDeclareArgument", "LOG");
    // Otherwise a message that is rejected without requeue is redelivered forever.
    context.put("queue.maximumDeliveryAttempts", "1");
    context.put("qpid.port.closeWhenNoRoute", "false");
    context.put("virtualhost.housekeepingCheckPeriod", "1000");
    context.put("broker.failStartupWithErroredChild", "true");
    context.put(
        "qpid.port.connection_property_enrichers",
        json(List.of("STANDARD", ConfirmCapabilities.TYPE)));
    // The defaults are for a server with many cores: 88 threads.
    context.put("qpid.port.amqp.threadPool.size", "2");
    context.put("qpid.port.amqp.threadPool.numberOfSelectors", "1");
    context.put("virtualhost.connectionThreadPool.size", "4");
    context.put("virtualhost.connectionThreadPool.numberOfSelectors", "1");
    context.put("virtualhost.housekeepingThreadCount", "1");
    context.put("broker.housekeepingThreadCount", "1");
    return context;
  }

  private Map<String, Object> broker() {
    return Map.of(
        "name", "Docket",
        "modelVersion", org.apache.qpid.server.model.BrokerModel.MODEL_VERSION,
        "preferenceStoreAttributes", json(Map.of("type", "Noop")),
        "authenticationproviders",
            List.of(
                Map.of(
                    "name",
                    "plain",
                    "type",
                    "Plain",
                    "secureOnlyMechanisms",
                    List.of(),
                    "users",
                    List.of(Map.of("name", USER, "type", "managed", "password", PASSWORD)))),
        "ports",
            List.of(
                Map.of(
                    "name", "AMQP",
                    "type", "AMQP",
                    "port", port,
                    "bindingAddress", "127.0.0.1",
                    "protocols", List.of("AMQP_0_9_1"),
                    "authenticationProvider", "plain",
                    "virtualhostaliases",
                        List.of(
                            Map.of("name", "defaultAlias", "type", "defaultAlias"),
                            Map.of("name", "nameAlias", "type", "nameAlias")))),
        "virtualhostnodes", List.of(virtualHostNode()));
  }

  private Map<String, Object> virtualHostNode() {
    Map<String, Object> node = new TreeMap<>();
    node.put("name", "default");
    node.put("defaultVirtualHostNode", true);
    node.put("type", store.isPresent() ? "DERBY" : "Memory");
    store.ifPresent(dir -> node.put("storePath", dir.toString()));
    node.put(
        "virtualHostInitialConfiguration",
        json(Map.of("type", store.isPresent() ? "ProvidedStore" : "Memory")));
    return node;
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
