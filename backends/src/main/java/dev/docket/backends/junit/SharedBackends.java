package dev.docket.backends.junit;

import dev.docket.backends.Broker;
import dev.docket.backends.ElasticsearchSettings;
import dev.docket.backends.EmbeddedBroker;
import dev.docket.backends.LocalElasticsearch;
import dev.docket.backends.LocalRabbitMq;
import dev.docket.backends.ScratchDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The backends of a test run. Each starts on first use and is closed at the end of the run. */
final class SharedBackends implements AutoCloseable {

  private final ScratchDirectory scratch = ScratchDirectory.create("docket-test");
  private final StartOnce<LocalElasticsearch> elasticsearch =
      new StartOnce<>(
          () ->
              LocalElasticsearch.start(
                  ElasticsearchSettings.in(scratch.path().resolve("elasticsearch"))
                      .withQuickStart()),
          LocalElasticsearch::close);
  private final StartOnce<EmbeddedBroker> embedded =
      new StartOnce<>(EmbeddedBroker::start, EmbeddedBroker::close);
  private final StartOnce<LocalRabbitMq> rabbit =
      new StartOnce<>(
          () -> LocalRabbitMq.start(scratch.path().resolve("rabbitmq")), LocalRabbitMq::close);

  LocalElasticsearch elasticsearch() {
    return elasticsearch.get();
  }

  Optional<LocalElasticsearch> startedElasticsearch() {
    return elasticsearch.ifStarted();
  }

  Broker broker(BrokerKind kind) {
    return startOnce(kind).get();
  }

  Optional<Broker> startedBroker(BrokerKind kind) {
    return startOnce(kind).ifStarted().map(Broker.class::cast);
  }

  private StartOnce<? extends Broker> startOnce(BrokerKind kind) {
    return switch (kind) {
      case EMBEDDED -> embedded;
      case RABBIT -> rabbit;
    };
  }

  /** Stops the backends. If a start failed, the directory with the logs is kept. */
  @Override
  public void close() {
    List<StartOnce<?>> all = List.of(elasticsearch, embedded, rabbit);
    List<RuntimeException> failures = new ArrayList<>();
    for (StartOnce<?> each : all) {
      try {
        each.stop();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (all.stream().noneMatch(StartOnce::hasFailed) || isEmpty(scratch.path())) {
      scratch.close();
    }
    if (!failures.isEmpty()) {
      IllegalStateException failure = new IllegalStateException("cannot stop the backends");
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  private static boolean isEmpty(Path dir) {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
