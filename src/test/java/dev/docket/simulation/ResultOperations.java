package dev.docket.simulation;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.Document;
import dev.docket.http.Problem;
import dev.docket.result.PayloadPart;
import dev.docket.result.Result;
import dev.docket.result.ResultSubmissions;
import dev.docket.store.Versioned;
import dev.docket.task.OnDependencyFailure;
import dev.docket.task.Policy;
import dev.docket.task.ResultDraft;
import dev.docket.task.ResultId;
import dev.docket.task.RunRef;
import dev.docket.task.Task;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import dev.docket.task.machine.Command;
import dev.docket.task.machine.Reporter;
import dev.docket.task.machine.RunEnd;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Random operations of workers, people and sweeps on the results of two tasks. Each is served by a
 * server of its own, which may crash or lose a call at each call to a port. While a call is in
 * progress, other operations may take place.
 */
final class ResultOperations {

  private static final TaskKey CLAIMS = TaskKey.fromString("CLAIMS");
  private static final TaskKey LATE = TaskKey.fromString("LATE");
  private static final int KEPT_RUNS = 2;
  private static final int MAX_NESTED = 2;

  /** A size in bytes that requires a payload of its own. */
  private static final int LARGE = 9 * 1024;

  /** A run that a worker has received, with the claim under which it reports. */
  private record Received(TaskId task, int attempt, String run, String claim) {}

  final InMemoryServer.SharedBackends shared = new InMemoryServer.SharedBackends();

  /** The operations and failures so far. */
  final List<String> log = new ArrayList<>();

  private final Random random;
  private final InMemoryServer reliable;
  private final Document document;
  private final List<Received> received = new ArrayList<>();
  private int nested;

  ResultOperations(long seed) {
    random = new Random(seed);
    shared.policies.put(CLAIMS, policy(Policy.AckMode.CLAIMS));
    shared.policies.put(LATE, policy(Policy.AckMode.ACKNOWLEDGES_LATE));
    reliable = new InMemoryServer(shared);
    document = reliable.document("film");
  }

  private static Policy policy(Policy.AckMode ackMode) {
    Policy policy = TaskScenario.LATE;
    return new Policy(
        policy.protocol(),
        ackMode,
        policy.maxAttempts(),
        policy.backoff(),
        policy.backoffMax(),
        policy.leaseSeconds(),
        policy.timeout(),
        policy.unansweredAfter(),
        KEPT_RUNS);
  }

  void run(int operations) {
    submit(CLAIMS);
    submit(LATE);
    for (int i = 0; i < operations; i++) {
      operation();
    }
  }

  private void submit(TaskKey key) {
    attempt(
        "submit " + key, s -> s.submit(document, key.value(), List.of(), OnDependencyFailure.FAIL));
  }

  private TaskId id(TaskKey key) {
    return TaskId.of(document.id(), key);
  }

  private Optional<Task> find(TaskKey key) {
    return shared.tasks.find(id(key)).toCompletableFuture().join().map(Versioned::value);
  }

  private void operation() {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> receive();
      case 4, 5, 6, 7 -> end();
      case 8, 9, 10 -> save();
      case 11 -> takeBack();
      case 12, 13 -> request(new Command.Reset("ann"));
      case 14 -> request(new Command.ForceRetry("ann"));
      case 15 -> fail();
      case 16, 17, 18 -> sweep();
      default -> {
        if (random.nextInt(4) == 0) {
          request(new Command.Delete("ann"));
        } else {
          submit(random.nextBoolean() ? CLAIMS : LATE);
        }
      }
    }
  }

  private void request(Command command) {
    TaskId id = id(random.nextBoolean() ? CLAIMS : LATE);
    attempt(command.label() + " " + id, s -> s.tasks.execute(id, command));
  }

  /** A worker receives a message, and claims its run if its key requires that. */
  private void receive() {
    if (shared.queue.isEmpty()) {
      return;
    }
    Task sent = shared.queue.remove(0);
    String claim = sent.key().equals(CLAIMS) ? "c" + received.size() : null;
    received.add(new Received(sent.id(), sent.run().attempt(), sent.run().token(), claim));
    if (claim != null) {
      attempt(
          "claim " + claim,
          s ->
              s.tasks.execute(
                  sent.id(),
                  Command.Claim.byWorker(new Reporter(sent.run().ref(), claim, "w"), null)));
    }
  }

  /** Mostly one of the last runs, sometimes an earlier one. */
  private Optional<Received> chooseReceived() {
    if (received.isEmpty()) {
      return Optional.empty();
    }
    int back = random.nextInt(4) == 0 ? random.nextInt(received.size()) : random.nextInt(2);
    return Optional.of(received.get(Math.max(0, received.size() - 1 - back)));
  }

  /** Ends a run. The same submission always has the same results. */
  private void end() {
    chooseReceived()
        .ifPresent(
            run -> {
              int variant = run.claim() == null ? random.nextInt(4) : run.claim().hashCode() % 4;
              String digest = run.claim() == null ? "digest" + variant : null;
              String submission = run.claim() == null ? digest : run.claim();
              boolean uploads = run.claim() != null && run.attempt() % 2 == 0 && variant > 0;
              attempt(
                  "complete " + run + " " + variant + (uploads ? " uploads" : ""),
                  s -> {
                    List<ResultDraft> drafts = new ArrayList<>(results(submission, variant));
                    if (uploads) {
                      drafts.set(0, upload(s, run, drafts.get(0)));
                    }
                    return s.submissions.complete(
                        run.task(),
                        new Command.Complete(
                            new Reporter(new RunRef(run.attempt(), run.run()), run.claim(), "w"),
                            RunEnd.of("done"),
                            drafts,
                            digest));
                  });
            });
  }

  private static List<ResultDraft> results(String submission, int variant) {
    List<ResultDraft> results = new ArrayList<>();
    for (int i = 0; i < variant; i++) {
      String text = submission + " " + i;
      results.add(
          new ResultDraft(
              TextNode.valueOf(i % 2 == 0 ? text + "x".repeat(LARGE) : text), Map.of()));
    }
    return results;
  }

  /** Uploads a payload, if the run is still the current one. */
  private static ResultDraft upload(InMemoryServer server, Received run, ResultDraft draft) {
    byte[] json = draft.payload().toString().getBytes(StandardCharsets.UTF_8);
    Task task = server.tasks.get(run.task()).toCompletableFuture().join();
    if (ResultSubmissions.isCurrent(task, run.run(), run.claim())) {
      server.payloads.receive(
          ResultId.submitted(run.task(), run.run(), run.claim(), 0),
          new PayloadPart.Owner(run.task(), run.attempt(), run.run(), run.claim()),
          0,
          new ByteArrayInputStream(json));
    }
    return ResultDraft.stored(json.length, draft.generator());
  }

  /** A worker without claims saves one of a few results, perhaps again. */
  private void save() {
    int number = random.nextInt(3);
    TextNode payload = TextNode.valueOf("saved " + number + "x".repeat(number * LARGE));
    byte[] json = payload.toString().getBytes(StandardCharsets.UTF_8);
    attempt(
        "save " + number,
        s ->
            s.saved
                .note(id(LATE), new byte[] {(byte) number})
                .thenCompose(
                    noted -> {
                      if (number == 0) {
                        return s.saved.store(noted, new ResultDraft(payload, Map.of()));
                      }
                      return s.payloads
                          .store(noted.id(), noted.owner(), json)
                          .thenCompose(
                              stored ->
                                  s.saved.store(noted, ResultDraft.stored(json.length, Map.of())));
                    }));
  }

  private void takeBack() {
    List<ResultId> saved =
        shared.results.all().stream()
            .map(Versioned::value)
            .filter(result -> result.key().equals(LATE))
            .map(Result::id)
            .sorted(Comparator.comparing(ResultId::value))
            .toList();
    if (!saved.isEmpty()) {
      ResultId id = saved.get(random.nextInt(saved.size()));
      boolean submitted =
          find(LATE).stream()
              .flatMap(task -> task.resultRuns().stream())
              .anyMatch(run -> run.resultIds(id(LATE)).contains(id) && !run.ids().contains(id));
      if (!submitted) {
        attempt("take back " + id, s -> s.saved.find(id).thenCompose(s.results::remove));
      }
    }
  }

  private void fail() {
    chooseReceived()
        .ifPresent(
            run ->
                attempt(
                    "fail " + run,
                    s ->
                        s.tasks.execute(
                            run.task(),
                            Command.Fail.of(
                                new Reporter(
                                    new RunRef(run.attempt(), run.run()), run.claim(), "w"),
                                TaskState.ERROR_PROXY,
                                RunEnd.of("why"),
                                List.of()))));
  }

  private void sweep() {
    shared.now = shared.now.plus(Duration.ofSeconds(random.nextInt(40)));
    attempt(
        "sweep",
        s -> {
          s.overdue.run();
          return CompletableFuture.completedStage(null);
        });
  }

  /** Performs an operation that may fail. The client does not repeat it. */
  private void attempt(String name, Function<InMemoryServer, CompletionStage<?>> operation) {
    log.add(" ".repeat(nested * 2) + name);
    try {
      operation.apply(new InMemoryServer(shared, new Failures())).toCompletableFuture().join();
    } catch (CompletionException | CrashPoint.ServerCrashed | Problem failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (!(cause instanceof CrashPoint.ServerCrashed) && !(cause instanceof Problem)) {
        throw failure;
      }
    }
  }

  /** Lets each call to a port fail, or other operations take place during it. */
  private final class Failures implements CrashingProxy {
    private boolean crashed;

    @Override
    public Object intercept(String call, boolean isAsynchronous, Callable<Object> work)
        throws Exception {
      if (call.equals("TaskPublisher.ready")) {
        return work.call();
      }
      if (crashed) {
        return CrashPoint.failed(isAsynchronous, new CrashPoint.ServerCrashed());
      }
      operationsBetween();
      if (random.nextInt(25) > 0) {
        Object response = work.call();
        operationsBetween();
        return response;
      }
      List<CrashPoint.FailureMode> modes = List.of(CrashPoint.FailureMode.values());
      CrashPoint.FailureMode mode = modes.get(random.nextInt(modes.size()));
      log.add(" ".repeat(nested * 2) + "! " + mode.description + " " + call);
      crashed =
          mode == CrashPoint.FailureMode.CRASH_BEFORE || mode == CrashPoint.FailureMode.CRASH_AFTER;
      return CrashPoint.inject(mode, call, isAsynchronous, work);
    }

    private void operationsBetween() {
      if (nested < MAX_NESTED && random.nextInt(12) == 0) {
        nested++;
        operation();
        nested--;
      }
    }
  }
}
