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

/** One run of Qpid in this JVM, from start to stop. */
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
      configuration.use(launcher::startup);
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

  /** The launcher swallows its errors and tells only its listener. */
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
      RuntimeException healthError = error.get();
      SystemConfig<?> resolved = system.get();
      if (healthError != null || resolved == null) {
        throw healthError == null ? new IllegalStateException("nothing was started") : healthError;
      }
      return (Broker<?>) resolved.getContainer();
    }
  }
}
