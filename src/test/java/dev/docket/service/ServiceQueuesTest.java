package dev.docket.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.BrokerUnavailable;
import dev.docket.document.TargetType;
import dev.docket.protocol.WorkerProtocols;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.protocol.manual.ManualProtocol;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.Task;
import dev.docket.task.TaskKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class ServiceQueuesTest {

  private static final Service TEXT =
      ServiceSamples.service("text", Service.Source.CONFIGURED, spec("docket", TargetType.TEXT));

  private final List<Route> declared = new ArrayList<>();

  private static ServiceSpec spec(String protocol, TargetType... types) {
    return new ServiceSpec(
        null,
        null,
        null,
        protocol,
        List.of(types),
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        List.of(),
        ServicePolicy.NONE,
        null);
  }

  /** Policies that know the protocol only. */
  private record ProtocolOf(Services services) implements Policies {
    @Override
    public Policy of(TaskKey key) {
      return new Policy(
          services.find(key).orElseThrow().spec().protocol(),
          Policy.AckMode.CLAIMS,
          1,
          Duration.ZERO,
          Duration.ZERO,
          60,
          null,
          Duration.ofDays(1),
          1);
    }

    @Override
    public Policy of(Task task) {
      return of(task.key());
    }
  }

  private ServiceQueues queues() {
    ServiceRegistry registry =
        new ServiceRegistry(
            new MemoryServiceStore(),
            List.of(
                TEXT,
                ServiceSamples.service("all", Service.Source.CONFIGURED, spec("docket")),
                ServiceSamples.service("person", Service.Source.CONFIGURED, spec("manual")),
                ServiceSamples.service("dane", Service.Source.CONFIGURED, spec("dane")),
                ServiceSamples.service("key", Service.Source.KEY, spec("docket"))),
            System::nanoTime);
    WorkerProtocols protocols =
        WorkerProtocols.of(
            new BrokerNames(""),
            List.of(DocketProtocol::new, DaneProtocol::new, names -> new ManualProtocol()));
    return new ServiceQueues(
        registry, new ProtocolOf(registry), protocols, declared::addAll, Runnable::run);
  }

  @Test
  void declaresQueuesOfProtocolsWhoseQueuesTheServerKnows() {
    queues().declare();
    assertThat(declared)
        .extracting(Route::toString)
        .containsExactlyInAnyOrder(
            "Text.TEXT", "Dataset.ALL", "Image.ALL", "Video.ALL", "Sound.ALL", "Text.ALL");
  }

  @Test
  void declaresQueuesBeforeAChangeIsAnswered() {
    assertThat(queues().changed(TEXT).toCompletableFuture()).isCompleted();
    assertThat(declared).isNotEmpty();
  }

  @Test
  void changeIsAnsweredWithoutTheBroker() {
    ServiceRegistry registry =
        new ServiceRegistry(new MemoryServiceStore(), List.of(), System::nanoTime);
    WorkerProtocols protocols =
        WorkerProtocols.of(new BrokerNames(""), List.of(DocketProtocol::new));
    ServiceQueues away =
        new ServiceQueues(
            registry,
            new ProtocolOf(registry),
            protocols,
            routes -> {
              throw new BrokerUnavailable("it is away");
            },
            Runnable::run);
    ServiceQueues busy =
        new ServiceQueues(
            registry,
            new ProtocolOf(registry),
            protocols,
            declared::addAll,
            work -> {
              throw new RejectedExecutionException();
            });
    assertThat(away.changed(TEXT).toCompletableFuture()).isCompletedWithValue(null);
    assertThat(busy.changed(TEXT).toCompletableFuture()).isCompletedWithValue(null);
  }
}
