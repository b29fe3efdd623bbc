package dev.docket.rabbit;

import dev.docket.backends.EmbeddedBroker;
import dev.docket.backends.EmbeddedBrokerSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Uses an embedded broker that keeps its queues on disk; in memory it would lose them. */
final class BrokerRestartQpidIT implements BrokerRestartContract {

  @TempDir private static Path directory;
  private static EmbeddedBroker qpid;

  @BeforeAll
  static void startQpid() {
    qpid = EmbeddedBroker.start(EmbeddedBrokerSettings.in(directory));
  }

  @AfterAll
  static void stopQpid() {
    qpid.close();
  }

  @Override
  public BrokerFixture broker() {
    if (!qpid.isRunning()) {
      qpid.startAgain();
    }
    return new BrokerFixture(qpid, "restart");
  }
}
