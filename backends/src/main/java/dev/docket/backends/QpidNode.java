package dev.docket.backends;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/** One run of Qpid in this JVM, from start to stop. */
final class QpidNode {

  private final SystemLauncher launcher;
  private final Broker<?> broker;

  private QpidNode(SystemLauncher launcher, Broker<?> broker) {
    this.launcher = launcher;
    this.broker = broker;
  }

  static QpidNode start(Map<String, Object> systemAttributes) {
    PriorityArgument.install();
    Startup startup = new Startup();
    SystemLauncher launcher = new SystemLauncher(startup);
    try {
      launcher.startup(systemAttributes);
    } catch (Exception e) {
      throw new StartFailed("the embedded broker did not start: " + e, e);
    }
    RuntimeException error = startup.error.get();
    Broker<?> broker = startup.broker();
    if (error != null || broker == null) {
      launcher.shutdown();
      throw new StartFailed("the embedded broker did not start: " + error, error);
    }
    return new QpidNode(launcher, broker);
  }

  int port() {
    return broker.getChildren(org.apache.qpid.server.model.Port.class).stream()
        .filter(AmqpPort.class::isInstance)
        .mapToInt(port -> ((AmqpPort<?>) port).getBoundPort())
        .findFirst()
        .orElseThrow();
  }

  QueueManagingVirtualHost<?> virtualHost() {
    VirtualHostNode<?> node =
        broker.getChildren(VirtualHostNode.class).stream().findFirst().orElseThrow();
    return (QueueManagingVirtualHost<?>) node.getVirtualHost();
  }

  void stop() {
    launcher.shutdown();
  }

  /** Derby writes a file into the working directory unless told otherwise before its first use. */
  static void logDerbyTo(Path file) {
    String property = "derby.stream.error.file";
    if (System.getProperty(property) == null) {
      System.setProperty(property, file.toString());
    }
  }

  private static final class Startup extends DefaultSystemLauncherListener {
    private final AtomicReference<@Nullable RuntimeException> error = new AtomicReference<>();
    private final AtomicReference<@Nullable SystemConfig<?>> system = new AtomicReference<>();

    @Override
    public void onContainerResolve(SystemConfig<?> systemConfig) {
      system.set(systemConfig);
    }

    @Override
    public void errorOnStartup(RuntimeException e) {
      error.set(e);
    }

    @Nullable Broker<?> broker() {
      SystemConfig<?> resolved = system.get();
      return resolved == null ? null : (Broker<?>) resolved.getContainer();
    }
  }
}
