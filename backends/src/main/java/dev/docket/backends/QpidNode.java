package dev.docket.backends;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;
import org.jspecify.annotations.Nullable;

/** A running Qpid in this JVM. Every start creates a new node. */
final class QpidNode {

  private final SystemLauncher launcher;
  private final Broker<?> broker;
  private final QpidStore store;

  private QpidNode(SystemLauncher launcher, Broker<?> broker, QpidStore store) {
    this.launcher = launcher;
    this.broker = broker;
    this.store = store;
  }

  static QpidNode start(Optional<Path> dir, int port) {
    PriorityArgument.install();
    QpidStore store = QpidStore.open(dir);
    QpidConfiguration configuration = new QpidConfiguration(store.messages(), port);
    Startup startup = new Startup();
    SystemLauncher launcher = new SystemLauncher(startup);
    try {
      configuration.launch(launcher::startup);
      return new QpidNode(launcher, startup.broker(), store);
    } catch (Exception e) {
      launcher.shutdown();
      store.close();
      throw new BackendStartException(
          "the embedded broker did not start: " + e.getMessage() + ". " + store.quoteLog(), e);
    }
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
    store.close();
  }

  /** Captures the result of a start. The launcher reports errors only to its listener. */
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

    Broker<?> broker() {
      RuntimeException failure = error.get();
      SystemConfig<?> resolved = system.get();
      if (failure != null || resolved == null) {
        throw failure == null ? new IllegalStateException("Qpid started no broker") : failure;
      }
      return (Broker<?>) resolved.getContainer();
    }
  }
}
