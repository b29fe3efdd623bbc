package dev.docket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.OutboundMessage;
import dev.docket.broker.ReplyHandler.AckDecision;
import dev.docket.document.DocumentSamples;
import dev.docket.drift.ExpectedMessages;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.protocol.manual.ManualProtocol;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.Lease;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskSpec;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Decision;
import dev.docket.task.machine.DecisionContext;
import dev.docket.task.machine.Effect;
import dev.docket.task.machine.PendingEffect;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import dev.docket.task.machine.TaskMachine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The protocol of a key changes while the server runs; each run keeps the one it started with. */
final class ProtocolOfRunTest implements Policies {

  private static final TaskKey ASR = new TaskKey("ASR");

  private final WorkerProtocols protocols =
      WorkerProtocols.of(
          new BrokerNames(""),
          List.of(DocketProtocol::new, DaneProtocol::new, names -> new ManualProtocol()));
  private final MemoryTaskStore store = new MemoryTaskStore();
  private final TaskService tasks =
      new TaskService(
          store, this, this::context, this::perform, CurrentDocuments.NEVER_CHANGED, List.of());
  private final TaskReplyHandler replies = new TaskReplyHandler(tasks, protocols);
  private final List<OutboundMessage> messages = new ArrayList<>();
  private String ofKey = "docket";
  private Instant now = DocumentSamples.CREATED;

  @Override
  public Policy of(TaskKey key) {
    return policy(ofKey);
  }

  @Override
  public Policy of(Task task) {
    return policy(task.run().protocol());
  }

  private Policy policy(String protocol) {
    return new Policy(
        protocol,
        protocols.get(protocol).ackMode(),
        5,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        60,
        Duration.ofMinutes(30),
        Duration.ofDays(7),
        10);
  }

  private DecisionContext context() {
    return TaskSamples.context(now);
  }

  /** Publishes, and confirms at once. */
  private CompletionStage<List<PendingEffect>> perform(Task task, List<PendingEffect> effects) {
    for (PendingEffect pending : effects) {
      if (pending.effect() instanceof Effect.Publish) {
        Transport.Broker broker =
            (Transport.Broker) protocols.get(task.run().protocol()).transport();
        messages.add(broker.message(task, now));
        var unused = tasks.execute(task.id(), new Command.Confirm(task.run().ref()));
      }
    }
    return CompletableFuture.completedStage(List.of());
  }

  private TaskId create(String pinned) {
    TaskSpec spec =
        TaskSpec.builder(
                TaskSpec.DocumentCopy.of(DocumentSamples.document()), ASR, pinned, "tester")
            .build();
    Task task =
        TaskMachine.create(
            new TaskId("t-" + pinned), spec, List.of(), null, context().withProtocol(ofKey));
    return tasks.create(task).toCompletableFuture().join().id();
  }

  private Task task(TaskId id) {
    return store.find(id).toCompletableFuture().join().orElseThrow().value();
  }

  private Decision execute(TaskId id, Command command) {
    return tasks.execute(id, command).toCompletableFuture().join();
  }

  private Reporter reporter(TaskId id, String worker) {
    return new Reporter(task(id).run().ref(), "claim of " + worker, worker);
  }

  private Decision claim(TaskId id, String worker) {
    return execute(id, Command.Claim.byWorker(reporter(id, worker), null));
  }

  private void publishDelayed(TaskId id) {
    now = now.plus(Duration.ofHours(1));
    tasks
        .execute(store.find(id).toCompletableFuture().join().orElseThrow(), new Command.Publish())
        .toCompletableFuture()
        .join();
  }

  private AckDecision reply(String correlationId, int state) {
    return replies
        .handle(
            correlationId,
            ("{\"state\":" + state + ",\"message\":\"m\"}").getBytes(StandardCharsets.UTF_8))
        .toCompletableFuture()
        .join();
  }

  private List<String> expected() {
    return store.expectedMessages(now.minus(Duration.ofDays(1))).routes().stream()
        .map(ExpectedMessages.RouteCount::protocol)
        .toList();
  }

  private List<String> exchanges() {
    return messages.stream().map(message -> message.destination().exchange()).toList();
  }

  private TaskId delayedRunOfDocket() {
    TaskId id = create(null);
    claim(id, "w");
    execute(
        id,
        Command.Fail.of(reporter(id, "w"), TaskState.ERROR_PROXY, RunEnd.of("later"), List.of()));
    assertThat(task(id).run().protocol()).isEqualTo("docket");
    return id;
  }

  @Test
  void delayedRunIsPublishedByTheProtocolThatItsKeyHasThen() {
    TaskId id = delayedRunOfDocket();
    ofKey = "dane";

    publishDelayed(id);

    assertThat(exchanges()).containsExactly("docket-exchange", "DANE-exchange");
    assertThat(task(id).run().protocol()).isEqualTo("dane");
  }

  @Test
  void delayedRunIsOpenIfItsKeyIsManualThen() {
    TaskId id = delayedRunOfDocket();
    ofKey = "manual";

    publishDelayed(id);

    assertThat(exchanges()).containsExactly("docket-exchange");
    assertThat(task(id).state()).isEqualTo(TaskState.CREATED);
    assertThat(task(id).outbox()).isEmpty();
    assertThat(claim(id, "Ada").refused()).isFalse();
  }

  @Test
  void publishedRunKeepsItsProtocolWhenItIsPublishedAgain() {
    TaskId id = create(null);
    ofKey = "dane";

    tasks
        .execute(
            store.find(id).toCompletableFuture().join().orElseThrow(), new Command.Redispatch())
        .toCompletableFuture()
        .join();

    assertThat(exchanges()).containsExactly("docket-exchange", "docket-exchange");
  }

  @Test
  void eachRunHasTheProtocolThatItsKeyHadAtItsStart() {
    TaskId id = create(null);
    assertThat(exchanges()).containsExactly("docket-exchange");
    assertThat(task(id).state()).isEqualTo(TaskState.QUEUED);

    ofKey = "dane";
    assertThat(claim(id, "w").refused()).as("the run is Docket's").isFalse();
    execute(
        id,
        Command.Fail.of(reporter(id, "w"), TaskState.ERROR_PROXY, RunEnd.of("later"), List.of()));
    assertThat(task(id).run().protocol()).isEqualTo("dane");
    publishDelayed(id);
    assertThat(exchanges()).containsExactly("docket-exchange", "DANE-exchange");
    assertThat(expected()).containsExactly("dane");
    assertThat(claim(id, "w").refused()).as("DANE's workers do not claim").isTrue();
    String danesRun = messages.get(1).properties().correlationId();

    ofKey = "manual";
    assertThat(reply(danesRun, 502)).isEqualTo(AckDecision.ACKNOWLEDGE);
    assertThat(task(id).run().protocol()).isEqualTo("manual");
    assertThat(task(id).state()).isEqualTo(TaskState.CREATED);
    assertThat(task(id).outbox()).isEmpty();
    assertThat(task(id).run().failures()).isEqualTo(2);
    assertThat(expected()).isEmpty();
    claim(id, "Ada");
    assertThat(task(id).run().lease()).isEqualTo(Lease.unlimited("Ada", "claim of Ada"));
    assertThat(store.running(null, 10)).isEmpty();
    assertThat(of(task(id)).timeout(task(id))).isNull();

    Task held = task(id);
    reply(danesRun, 200);
    assertThat(task(id).state()).as("a late reply changes nothing").isEqualTo(held.state());
    assertThat(task(id).run()).isEqualTo(held.run());

    ofKey = "docket";
    execute(id, new Command.GiveBack(reporter(id, "Ada"), null));
    publishDelayed(id);
    assertThat(exchanges()).containsExactly("docket-exchange", "DANE-exchange", "docket-exchange");
    claim(id, "w");
    assertThat(store.running(null, 10)).hasSize(1);
    execute(id, new Command.Complete(reporter(id, "w"), RunEnd.of("done"), List.of(), null));
    assertThat(task(id).state()).isEqualTo(TaskState.SUCCESS);
  }

  @Test
  void pinnedTaskKeepsItsProtocol() {
    TaskId id = create("dane");
    ofKey = "manual";

    execute(id, new Command.ForceRetry("ann"));

    assertThat(task(id).run().protocol()).isEqualTo("dane");
    assertThat(exchanges()).containsExactly("DANE-exchange", "DANE-exchange");
  }
}
