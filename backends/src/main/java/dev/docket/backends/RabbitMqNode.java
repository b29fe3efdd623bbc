package dev.docket.backends;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Directory, ports and environment of one RabbitMQ node. All nodes have the same name, because each
 * has its own epmd.
 */
record RabbitMqNode(Path dir, int port, int managementPort, int distributionPort, int epmdPort) {

  /** Not Debian's wrappers in /usr/sbin: they change the user, and so the cookie and directory. */
  static final Path BIN = Path.of("/usr/lib/rabbitmq/bin");

  static RabbitMqNode on(Path dir, int port, int managementPort) {
    List<Integer> free = FreePorts.find(4);
    return new RabbitMqNode(
        dir,
        port == 0 ? free.get(0) : port,
        managementPort == 0 ? free.get(1) : managementPort,
        free.get(2),
        free.get(3));
  }

  URI amqp() {
    return URI.create("amqp://guest:guest@127.0.0.1:" + port);
  }

  URI management() {
    return URI.create("http://guest:guest@127.0.0.1:" + managementPort);
  }

  Path consoleLog() {
    return dir.resolve("log").resolve("console.log");
  }

  /**
   * The environment of every RabbitMQ command. With another one, a command starts an epmd that
   * listens on all interfaces.
   */
  Map<String, String> environment() {
    Map<String, String> all = new TreeMap<>();
    all.put("HOME", dir.toString());
    all.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    all.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
    all.put("ERL_CRASH_DUMP_SECONDS", "0");
    all.put("RABBITMQ_NODENAME", "docket@localhost");
    all.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
    all.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    all.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
    all.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}");
    all.put("RABBITMQ_MNESIA_BASE", dir.resolve("mnesia").toString());
    all.put("RABBITMQ_LOG_BASE", dir.resolve("log").toString());
    all.put("RABBITMQ_PID_FILE", dir.resolve("pid").toString());
    all.put("RABBITMQ_ENABLED_PLUGINS_FILE", dir.resolve("enabled_plugins").toString());
    all.put("RABBITMQ_GENERATED_CONFIG_DIR", dir.resolve("generated").toString());
    all.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    all.put("RABBITMQ_CONFIG_FILE", dir.resolve("rabbitmq.conf").toString());
    all.put("RABBITMQ_ADVANCED_CONFIG_FILE", dir.resolve("none.config").toString());
    return all;
  }

  void prepare(Map<String, String> overrides) {
    Map<String, String> lines = new TreeMap<>();
    lines.put("listeners.tcp.1", "127.0.0.1:" + port);
    lines.put("management.tcp.ip", "127.0.0.1");
    lines.put("management.tcp.port", Integer.toString(managementPort));
    lines.put("log.console", "true");
    lines.put("log.console.level", "info");
    lines.put("log.console.use_colors", "off");
    lines.put("log.file", "false");
    lines.putAll(overrides);
    StringBuilder text = new StringBuilder();
    lines.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    try {
      Files.createDirectories(dir.resolve("log"));
      // The directory contains the Erlang cookie.
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      Files.writeString(dir.resolve("rabbitmq.conf"), text);
      Files.writeString(dir.resolve("enabled_plugins"), "[rabbitmq_management].\n");
    } catch (IOException e) {
      throw new BackendStartException("cannot prepare " + dir + ": " + e, e);
    }
  }
}
