package dev.docket.server;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** Two servers of one installation, in this process. */
record TwoServers(TestServer a, TestServer b) implements AutoCloseable {

  /** Starts both with the same configuration, and waits until they are ready. */
  static TwoServers start(String yaml) throws Exception {
    TestServer a = new TestServer(yaml);
    try {
      TwoServers servers = new TwoServers(a, new TestServer(yaml));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> servers.both().stream().allMatch(s -> s.get("/ready").status() == 200));
      return servers;
    } catch (Exception | Error failure) {
      a.close();
      throw failure;
    }
  }

  List<TestServer> both() {
    return List.of(a, b);
  }

  @Override
  public void close() {
    both().forEach(TestServer::close);
  }
}
