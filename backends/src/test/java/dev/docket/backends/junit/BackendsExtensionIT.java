package dev.docket.backends.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;

import dev.docket.backends.Amqp;
import dev.docket.backends.BackendStartException;
import dev.docket.backends.Broker;
import dev.docket.backends.EmbeddedBroker;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.QueueStatistics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

@Isolated("one test changes the system property docket.root")
final class BackendsExtensionIT {

  private static final List<LocalElasticsearch> ELASTICSEARCHES = new ArrayList<>();
  private static final List<Broker> BROKERS = new ArrayList<>();
  private static final List<String> PREFIXES = new ArrayList<>();

  @Test
  void sharesBackendsInARunAndPrefixInAClass() {
    EngineExecutionResults results = run(First.class, Second.class);

    results.testEvents().assertStatistics(counts -> counts.succeeded(3).failed(0));
    assertThat(ELASTICSEARCHES).hasSize(3).containsOnly(ELASTICSEARCHES.get(0));
    assertThat(ELASTICSEARCHES.get(0).isRunning()).as("after the run").isFalse();
    assertThat(BROKERS).hasSize(3).containsOnly(BROKERS.get(0));
    assertThat(BROKERS.get(0).isRunning()).as("after the run").isFalse();
    assertThat(PREFIXES).allMatch(prefix -> prefix.matches("t[a-z0-9]+-[a-z0-9]+"));
    assertThat(PREFIXES.get(1)).as("nested class").isEqualTo(PREFIXES.get(0));
    assertThat(PREFIXES.get(2)).as("other class").isNotEqualTo(PREFIXES.get(0));
  }

  @Test
  void startsNoBackendThatIsNotUsed() {
    run(PrefixOnly.class).testEvents().assertStatistics(counts -> counts.succeeded(1).failed(0));
  }

  @Test
  void missingBackendFailsTest() {
    String root = System.getProperty("docket.root");
    System.setProperty("docket.root", "/no/such/place");
    try {
      run(Second.class)
          .testEvents()
          .assertStatistics(counts -> counts.started(1).failed(1).aborted(0).skipped(0))
          .assertThatEvents()
          .haveExactly(
              1,
              org.junit.platform.testkit.engine.EventConditions.event(
                  finishedWithFailure(instanceOf(BackendStartException.class))));
    } finally {
      System.setProperty("docket.root", root);
    }
  }

  private static EngineExecutionResults run(Class<?>... classes) {
    EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter");
    for (Class<?> each : classes) {
      builder.selectors(selectClass(each));
    }
    return builder.execute();
  }

  private static void capture(BackendsExtension backends) {
    ELASTICSEARCHES.add(backends.elasticsearch());
    BROKERS.add(backends.broker());
    PREFIXES.add(backends.prefix());
  }

  private static String send(String method, URI address) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody()).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  /** Leaves an index and a queue. */
  static final class First {

    @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

    @Test
    void usesBackends() throws Exception {
      capture(backends);
      URI index = backends.elasticsearch().address().resolve("/" + backends.prefix() + "-notes");
      assertThat(send("PUT", index)).contains("\"acknowledged\":true");
      try (Amqp amqp = new Amqp(backends.broker().amqp())) {
        amqp.channel().queueDeclare(backends.prefix() + ".q", true, false, false, null);
      }
    }

    @Nested
    final class Inner {

      @Test
      void usesBackendsInNestedClass() {
        capture(backends);
      }
    }
  }

  /** Finds no index and no queue of {@link First}. Stops the broker. */
  static final class Second {

    @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

    @Test
    void findsCleanBackends() throws Exception {
      capture(backends);
      URI indices = backends.elasticsearch().address().resolve("/_cat/indices?h=index");
      assertThat(send("GET", indices)).isEmpty();
      assertThat(((EmbeddedBroker) backends.broker()).queues())
          .extracting(QueueStatistics::name)
          .isEmpty();

      backends.broker().stop();
      assertThat(backends.broker().isRunning()).isTrue();
    }
  }

  /** Uses only its prefix. */
  static final class PrefixOnly {

    @RegisterExtension static final BackendsExtension backends = BackendsExtension.embedded();

    @RegisterExtension
    static final org.junit.jupiter.api.extension.AfterAllCallback nothingStarted =
        PrefixOnly::assertNothingStarted;

    @Test
    void usesOnlyPrefix() {
      assertThat(backends.prefix()).startsWith("tprefixonly-");
    }

    private static void assertNothingStarted(ExtensionContext context) {
      SharedBackends shared = BackendsExtension.shared(context);
      assertThat(shared.startedElasticsearch()).isEmpty();
      assertThat(shared.startedBroker(BrokerKind.EMBEDDED)).isEmpty();
    }
  }
}
