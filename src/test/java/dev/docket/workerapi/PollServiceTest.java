package dev.docket.workerapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.auth.Caller;
import dev.docket.auth.OwnerFilter;
import dev.docket.broker.TaskQueue;
import dev.docket.document.TargetType;
import dev.docket.http.Problem;
import dev.docket.http.TooManyRequests;
import dev.docket.store.StoreUnavailable;
import dev.docket.task.CurrentDocuments;
import dev.docket.task.KeyLimits;
import dev.docket.task.KnownKeys;
import dev.docket.task.Lease;
import dev.docket.task.MemoryTaskStore;
import dev.docket.task.NoOutbox;
import dev.docket.task.Policies;
import dev.docket.task.Policy;
import dev.docket.task.Route;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskSamples;
import dev.docket.task.TaskService;
import dev.docket.task.TaskState;
import dev.docket.task.WorkerInstance;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.wire.PollResponse;
import dev.docket.wire.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PollServiceTest implements TaskQueue, Policies {

  private static final Caller CALLER = new Caller("site-a", Set.of("worker"));
  private static final TaskKey CONFIGURED = new TaskKey("ASR");
  private static final int MAX_QUEUES = 3;
  private static final int FIRST_REPORT = 5;

  /** Keys that have tasks, which only searches find. */
  private final Set<TaskKey> stored = new HashSet<>();

  private boolean storeUnavailable;
  private int searches;
  private final KnownKeys keys =
      new KnownKeys(
          CONFIGURED::equals,
          searched -> {
            searches++;
            if (storeUnavailable) {
              throw new StoreUnavailable("down");
            }
            return searched.stream().filter(stored::contains).collect(Collectors.toSet());
          },
          Runnable::run);
  private final OpenPolls openPolls;

  PollServiceTest() {
    openPolls = new OpenPolls(keys, this);
    keys.whenKnown(openPolls::onKnown);
    polls = new PollService(this, tasks, this, keys, openPolls, MAX_QUEUES);
  }

  private KeyLimits limits = KeyLimits.NONE;

  /** The routes of each take from the queue. */
  private final List<Set<Route>> takes = new ArrayList<>();

  private final TaskService tasks =
      new TaskService(
          new MemoryTaskStore(),
          this,
          () -> TaskSamples.context(Instant.parse("2026-03-01T12:00:00Z")),
          new NoOutbox(),
          CurrentDocuments.NEVER_CHANGED,
          List.of(keys));
  private final Deque<List<Delivery>> messages = new ArrayDeque<>();
  private final List<RunId> acknowledged = new ArrayList<>();
  private final List<RunId> givenBack = new ArrayList<>();
  private final PollService polls;

  /** What a poll waits for if there are no messages; null if it does not wait. */
  private CompletableFuture<List<Delivery>> pending;

  private boolean credentialsAccepted = true;

  /** Whether each take waits for a future of its own if there are no messages. */
  private boolean waiting;

  @Override
  public Policy of(TaskKey key) {
    return TaskSamples.POLICY;
  }

  @Override
  public KeyLimits limits(TaskKey key) {
    return limits;
  }

  @Override
  public Policy of(Task task) {
    return TaskSamples.POLICY;
  }

  @Override
  public CompletionStage<List<Delivery>> take(Collection<Route> routes, int max, Duration wait) {
    takes.add(Set.copyOf(routes));
    List<Delivery> next = messages.poll();
    if (next == null && waiting) {
      return new CompletableFuture<>();
    }
    return next == null && pending != null
        ? pending
        : CompletableFuture.completedStage(next == null ? List.of() : next);
  }

  private RunId submitTask() {
    Task task = tasks.create(TaskSamples.task("ASR")).toCompletableFuture().join();
    return new RunId(task.id().value(), task.run().attempt(), task.run().token());
  }

  private Delivery message(RunId run) {
    return new Delivery() {
      @Override
      public RunId run() {
        return run;
      }

      @Override
      public void acknowledge() {
        acknowledged.add(run);
      }

      @Override
      public void giveBack() {
        givenBack.add(run);
      }
    };
  }

  private List<PollResponse.Granted> poll(String id) {
    return poll(id, Duration.ofSeconds(1)).join().tasks();
  }

  private CompletableFuture<PollResponse> poll(String id, Duration maxWait) {
    return poll(CALLER, id, maxWait, "ASR");
  }

  private CompletableFuture<PollResponse> poll(
      Caller caller, String id, Duration maxWait, String... polled) {
    Set<TaskKey> all = Set.of(polled).stream().map(TaskKey::new).collect(Collectors.toSet());
    return request(caller, id, maxWait, all).content().toCompletableFuture();
  }

  private PollRequestHandle request(Caller caller, String id, Duration maxWait, Set<TaskKey> keys) {
    return polls.poll(
        caller,
        new Poll(id, keys, Set.of(TargetType.VIDEO), "w", 10, maxWait, FIRST_REPORT, "process-1"),
        () -> credentialsAccepted);
  }

  private PollRequestHandle request(String id) {
    return request(CALLER, id, Duration.ofSeconds(20), Set.of(new TaskKey("ASR")));
  }

  private static Set<Route> routes(String... polled) {
    return Set.of(polled).stream()
        .map(key -> new Route(TargetType.VIDEO, new TaskKey(key)))
        .collect(Collectors.toSet());
  }

  @Test
  void returnsATaskOnceForTwoMessagesOfOneRun() {
    RunId run = submitTask();
    messages.add(List.of(message(run), message(run)));

    assertThat(poll("p"))
        .singleElement()
        .satisfies(granted -> assertThat(granted.run()).isEqualTo(run.run()));
    assertThat(acknowledged).containsExactly(run, run);
    assertThat(givenBack).isEmpty();
  }

  @Test
  void repeatedPollGetsTheSameResponseAndAnotherPollGetsNothing() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    messages.add(List.of(message(run)));

    List<PollResponse.Granted> first = poll("p");
    assertThat(poll("p")).isEqualTo(first).hasSize(1);
    assertThat(poll("q")).isEmpty();
    assertThat(acknowledged).containsExactly(run, run);
  }

  @Test
  void repeatedPollWithoutWaitEndsTheOpenPoll() {
    pending = new CompletableFuture<>();
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    assertThat(poll("p", Duration.ofSeconds(20))).isNotDone();
    assertThat(open).isNotDone();

    assertThat(poll("p", Duration.ZERO).join().tasks()).isEmpty();

    assertThat(pending).isCancelled();
    assertThat(open.join().tasks()).isEmpty();
  }

  @Test
  void messagesThatArrivedBeforeTheEndAreReturned() {
    RunId run = submitTask();
    pending = new CompletableFuture<>();
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    pending.complete(List.of(message(run)));

    assertThat(poll("p", Duration.ZERO).join().tasks()).hasSize(1).isEqualTo(open.join().tasks());
    assertThat(acknowledged).containsExactly(run);
  }

  @Test
  void endedPollTakesNoMoreMessagesAfterAStaleOne() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    poll("first");
    pending = new CompletableFuture<>();
    CompletableFuture<List<Delivery>> stale = pending;
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    pending = new CompletableFuture<>();
    stale.complete(List.of(message(run)));
    assertThat(open).as("waits for another message").isNotDone();

    assertThat(poll("p", Duration.ZERO).join().tasks()).isEmpty();

    assertThat(pending).isCancelled();
  }

  @Test
  void grantHasTheTimeForTheFirstReportAndTheProcessOfItsPoll() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));

    poll("p");

    assertThat(lease(run).provisional()).isTrue();
    assertThat(lease(run).silenceTimeout()).isEqualTo(Duration.ofSeconds(FIRST_REPORT));
    assertThat(lease(run).instance()).isEqualTo(new WorkerInstance("process-1", "site-a"));
  }

  @Test
  void pollOfDisconnectedClientEndsAndFreesItsPlace() {
    waiting = true;
    PollRequestHandle first = request("p0");
    for (int i = 1; i < 375; i++) {
      request("p" + i);
    }
    assertThat(first.isWaiting()).isTrue();

    first.lost();

    assertThat(first.isWaiting()).isFalse();
    assertThat(first.content().toCompletableFuture()).isCompleted();
    assertThat(request("more").content().toCompletableFuture()).isNotDone();
  }

  @Test
  void messagesThatArriveForDisconnectedClientReturnToTheQueue() {
    RunId run = submitTask();
    CompletableFuture<List<Delivery>> delivered = new UncancellableTake();
    pending = delivered;
    PollRequestHandle request = request("p");
    request.lost();

    delivered.complete(List.of(message(run)));

    assertThat(givenBack).containsExactly(run);
    assertThat(acknowledged).isEmpty();
    assertThat(task(run).state()).isEqualTo(TaskState.CREATED);
    assertThat(task(run).run().lease()).isNull();
  }

  @Test
  void lostResponseGivesTaskBackAndIsNotRepeated() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    PollRequestHandle request = request("p");
    assertThat(request.content().toCompletableFuture().join().tasks()).hasSize(1);

    request.lost();

    assertThat(task(run).run().attempt()).isEqualTo(2);
    assertThat(task(run).run().failures()).isZero();
    assertThat(task(run).run().unreportedGrants()).isZero();
    assertThat(poll("p")).isEmpty();
  }

  @Test
  void taskThatTheWorkerHasReportedOnIsNotGivenBack() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    PollRequestHandle request = request("p");
    execute(
        run,
        new Command.Started(
            new Reporter(new RunRef(1, run.run()), lease(run).claimId(), "w"), null));

    request.lost();

    assertThat(task(run).run().attempt()).isEqualTo(1);
    assertThat(lease(run).provisional()).isFalse();
  }

  @Test
  void pollContinuesWhileAnotherRequestWaitsForIt() {
    pending = new CompletableFuture<>();
    PollRequestHandle first = request("p");
    PollRequestHandle second = request("p");
    RunId run = submitTask();

    first.lost();
    assertThat(pending).isNotCancelled();
    pending.complete(List.of(message(run)));
    second.sent();

    assertThat(second.content().toCompletableFuture().join().tasks()).hasSize(1);
    assertThat(task(run).run().attempt()).isEqualTo(1);
  }

  @Test
  void responseThatOneOfTwoRequestsReceivedIsKept() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    PollRequestHandle first = request("p");
    PollRequestHandle second = request("p");

    second.sent();
    first.lost();

    assertThat(task(run).run().attempt()).isEqualTo(1);
    assertThat(poll("p")).hasSize(1);
  }

  @Test
  void requestWaitsOnlyWhileItsPollWaitsForMessages() {
    CompletableFuture<List<Delivery>> first = new CompletableFuture<>();
    pending = first;
    PollRequestHandle request = request("p");
    assertThat(request.isWaiting()).isTrue();
    assertThat(request.failure(503, "down").tasks()).isEmpty();
    assertThat(request.failure(503, "down").error())
        .isEqualTo(new PollResponse.Failure(503, "down"));

    first.complete(List.of());

    assertThat(request.isWaiting()).isFalse();
  }

  /** Messages that are already on their way when the wait is cancelled. */
  private static final class UncancellableTake extends CompletableFuture<List<Delivery>> {
    @Override
    public boolean cancel(boolean interrupt) {
      return false;
    }
  }

  private Task task(RunId run) {
    return tasks.get(TaskId.fromString(run.task())).toCompletableFuture().join();
  }

  private Lease lease(RunId run) {
    return Objects.requireNonNull(task(run).run().lease());
  }

  private void execute(RunId run, Command command) {
    var unused = tasks.execute(TaskId.fromString(run.task()), command).toCompletableFuture().join();
  }

  @Test
  void waitsOnlyForQueuesOfKnownKeys() {
    stored.add(new TaskKey("OCR"));
    pending = new CompletableFuture<>();

    poll(CALLER, "p", Duration.ofSeconds(20), "ASR", "OCR", "INVENTED");

    assertThat(takes).containsExactly(routes("ASR", "OCR"));
  }

  @Test
  void pollOfUnknownKeysWithoutWaitIsEmptyAtOnce() {
    assertThat(poll(CALLER, "p", Duration.ZERO, "INVENTED").join().tasks()).isEmpty();
    assertThat(takes).containsExactly(Set.of());
  }

  @Test
  void openPollWaitsForKeyOfTaskThatThisServerCreates() {
    pending = new CompletableFuture<>();
    poll(CALLER, "p", Duration.ofSeconds(20), "ASR", "NEW");
    CompletableFuture<List<Delivery>> former = pending;
    pending = new CompletableFuture<>();

    var unused = tasks.create(TaskSamples.task("NEW"));

    assertThat(former).isCancelled();
    assertThat(pending).isNotDone();
    assertThat(takes).containsExactly(routes("ASR"), routes("ASR", "NEW"));
  }

  @Test
  void pollTakesNothingOfPausedKeyUntilItIsResumed() {
    limits = new KeyLimits(KeyLimits.Hold.PAUSED, null, null);
    stored.add(new TaskKey("ASR"));
    pending = new CompletableFuture<>();
    poll(CALLER, "p", Duration.ofSeconds(20), "ASR");
    openPolls.run();
    assertThat(takes).containsExactly(Set.of());

    limits = KeyLimits.NONE;
    pending = new CompletableFuture<>();
    openPolls.run();

    assertThat(takes).containsExactly(Set.of(), routes("ASR"));
  }

  @Test
  void openPollReceivesTaskOfKeyThatAnotherServerCreated() {
    pending = new CompletableFuture<>();
    CompletableFuture<PollResponse> open = poll(CALLER, "p", Duration.ofSeconds(20), "NEW");
    Task task = tasks.create(TaskSamples.task("OTHER")).toCompletableFuture().join();
    openPolls.run();
    assertThat(open).isNotDone();
    assertThat(takes).containsExactly(Set.of());
    messages.add(
        List.of(message(new RunId(task.id().value(), task.run().attempt(), task.run().token()))));
    stored.add(new TaskKey("NEW"));

    openPolls.run();

    assertThat(takes).containsExactly(Set.of(), routes("NEW"));
    assertThat(open.join().tasks()).hasSize(1);
  }

  @Test
  void searchesOnceForAllOpenPollsAndNotWithoutUnknownKeys() {
    waiting = true;
    poll(CALLER, "p", Duration.ofSeconds(20), "ASR");
    openPolls.run();
    assertThat(searches).isZero();
    CompletableFuture<PollResponse> first =
        poll(CALLER, "q", Duration.ofSeconds(20), "ASR", "NEW1", "NEW2");
    poll(CALLER, "r", Duration.ofSeconds(20), "NEW2", "NEW3");
    searches = 0;

    openPolls.run();
    assertThat(searches).isEqualTo(1);
    stored.addAll(Set.of(new TaskKey("NEW1"), new TaskKey("NEW2"), new TaskKey("NEW3")));
    openPolls.run();
    searches = 0;

    openPolls.run();
    assertThat(searches).as("all keys are known").isZero();
    assertThat(first).isNotDone();
  }

  @Test
  void endedPollIsNotSearchedFor() {
    waiting = true;
    CompletableFuture<PollResponse> open = poll(CALLER, "p", Duration.ofSeconds(20), "INVENTED");
    poll(CALLER, "p", Duration.ZERO, "INVENTED");
    assertThat(open).isDone();
    searches = 0;

    openPolls.run();

    assertThat(searches).isZero();
  }

  @Test
  void rememberedKeysAreServedWhileTheStoreIsUnavailable() {
    storeUnavailable = true;
    pending = new CompletableFuture<>();

    poll(CALLER, "p", Duration.ofSeconds(20), "ASR", "INVENTED");

    assertThat(takes).containsExactly(routes("ASR"));
    assertThatThrownBy(openPolls::run).isInstanceOf(StoreUnavailable.class);
    assertThat(poll(CALLER, "q", Duration.ZERO, "INVENTED"))
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(StoreUnavailable.class);
  }

  @Test
  void limitsQueuesOfOneCaller() {
    for (int i = 0; i <= MAX_QUEUES; i++) {
      stored.add(new TaskKey("K" + i));
    }
    poll(CALLER, "p", Duration.ZERO, "K0", "K1", "K2", "ASR");
    poll(CALLER, "q", Duration.ZERO, "K0", "K1", "K2", "ASR");

    assertThat(poll(CALLER, "r", Duration.ZERO, "K3"))
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(Problem.class)
        .withMessageContaining("site-a has polled 3 queues")
        .withMessageContaining("callers.maxPolledQueues");
    assertThat(takes).doesNotContain(routes("K3"));
    Caller other = new Caller("site-b", Set.of("worker"));
    assertThat(poll(other, "r", Duration.ZERO, "K3")).isCompleted();
  }

  @Test
  void callersDoNotShareResponsesOfPollsWithTheSameId() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    assertThat(poll("p")).hasSize(1);

    assertThat(
            poll(new Caller("site-b", Set.of("worker")), "p", Duration.ZERO, "ASR").join().tasks())
        .isEmpty();
  }

  @Test
  void messagesThatArriveAfterRevocationReturnToTheQueue() {
    RunId run = submitTask();
    pending = new CompletableFuture<>();
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    credentialsAccepted = false;

    pending.complete(List.of(message(run)));

    assertThat(open.join().tasks()).isEmpty();
    assertThat(givenBack).containsExactly(run);
    assertThat(acknowledged).isEmpty();
    assertThat(task(run).run().lease()).isNull();
  }

  @Test
  void callerLimitedToOtherTaskKeysDoesNotGetTheResponseOfTheSamePoll() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    assertThat(poll("p")).hasSize(1);
    Caller limited =
        new Caller(
            CALLER.name(), null, CALLER.roles(), Set.of("OCR"), OwnerFilter.ALL, OwnerFilter.ALL);

    assertThat(poll(limited, "p", Duration.ZERO, "OCR").join().tasks()).isEmpty();
  }

  @Test
  void otherCallersDoNotEvictOpenPoll() {
    waiting = true;
    CompletableFuture<PollResponse> open = poll("p", Duration.ofSeconds(20));
    waiting = false;
    for (int i = 0; i < 20_000; i++) {
      poll(new Caller("other-" + i, Set.of("worker")), "p", Duration.ZERO, "INVENTED");
    }

    assertThat(poll("p", Duration.ZERO)).isCompleted();
    assertThat(open).isCompleted();
  }

  @Test
  void pollsOfOneCallerDoNotEvictTheResponseOfAnother() {
    RunId run = submitTask();
    messages.add(List.of(message(run)));
    assertThat(poll("p")).hasSize(1);

    Caller attacker = new Caller("attacker", Set.of("worker"));
    for (int i = 0; i < 20_000; i++) {
      poll(attacker, "p" + i, Duration.ZERO, "ASR");
    }

    assertThat(poll("p")).hasSize(1);
  }

  @Test
  void oneCallerCannotOpenAllPolls() {
    waiting = true;
    for (int i = 0; i < 375; i++) {
      poll("p" + i, Duration.ofSeconds(20));
    }

    assertThatThrownBy(() -> poll("more", Duration.ofSeconds(20)))
        .isInstanceOf(TooManyRequests.class)
        .hasMessageContaining("375 of the 500 open polls");
    assertThatThrownBy(() -> poll("p1", Duration.ofSeconds(20)))
        .as("another request for an open poll")
        .isInstanceOf(TooManyRequests.class);
    Caller other = new Caller("site-b", Set.of("worker"));
    assertThat(poll(other, "p", Duration.ofSeconds(20), "ASR")).isNotDone();
    assertThat(poll("p1", Duration.ZERO)).as("the end of an open poll").isCompleted();
    assertThat(poll("more", Duration.ofSeconds(20))).as("the free place").isNotDone();
  }
}
