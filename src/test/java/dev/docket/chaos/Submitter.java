package dev.docket.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.DocumentId;
import dev.docket.task.TaskId;
import dev.docket.task.TaskKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Submits documents and tasks, some of which it cancels, deletes or retries, and records in the
 * history what the servers accepted. Requests are repeated until they have a response.
 */
final class Submitter {

  private static final int THREADS = 4;

  /** The mean number of tasks of a {@link Submission}. */
  private static final double TASKS_PER_SUBMISSION = 1.6;

  private final RetryingClient client;
  private final ChaosHistory history;
  private final Settings settings;
  private final List<Thread> threads = new ArrayList<>();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(8);
  private volatile boolean stopping;

  Submitter(RetryingClient client, ChaosHistory history, Settings settings) {
    this.client = client;
    this.history = history;
    this.settings = settings;
  }

  void start() {
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread thread = new Thread(() -> submitAll(number), "submitter-" + number);
      threads.add(thread);
      thread.start();
    }
  }

  /** Stops submitting, and waits until all requests have a response. */
  void finish() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
    scheduler.shutdown();
    if (!scheduler.awaitTermination(2, TimeUnit.MINUTES)) {
      history.error("some requests of the submitter have no response after 2 minutes");
    }
  }

  private void submitAll(int thread) {
    Random random = new Random(settings.seed() * THREADS + thread);
    long gap = (long) (THREADS * TASKS_PER_SUBMISSION / settings.tasksPerSecond() * 1e9);
    long next = System.nanoTime();
    try {
      for (int n = 0; !stopping && history.taskCount() < settings.maxTasks(); n++) {
        submit(thread + "-" + n, random);
        // A delay is not caught up.
        next = Math.max(next + gap, System.nanoTime() - gap);
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | RuntimeException e) {
      history.error("submitter: " + e);
    }
  }

  private void submit(String name, Random random) throws InterruptedException, TimeoutException {
    int percent = random.nextInt(100);
    int ms = 5 + random.nextInt(random.nextInt(4) == 0 ? 795 : 60);
    String type = random.nextBoolean() ? "Text" : "Image";
    Submission submission = new Submission(name, type);
    submission.document();
    if (percent < 40) {
      int results = random.nextInt(3);
      submission.task(
          "ALPHA",
          Map.of("ms", ms, "results", results, "bytes", payloadBytes(random)),
          Map.of(),
          Set.of(200));
      if (random.nextBoolean()) {
        submission.task("BETA", Map.of("ms", 5, "give_back", 1), Map.of(), Set.of(200));
      }
    } else if (percent < 50) {
      Accepted failing =
          submission.task("ALPHA", Map.of("ms", ms, "end", 500), Map.of(), Set.of(500));
      if (random.nextBoolean()) {
        after(500, () -> retry(failing.id()));
      }
    } else if (percent < 58) {
      submission.task(
          "ALPHA",
          Map.of("ms", ms, "end", random.nextBoolean() ? 502 : 503),
          Map.of("retry", Map.of("max_attempts", 3)),
          Set.of(500, 502, 503));
    } else if (percent < 66) {
      Accepted slow =
          submission.task("ALPHA", Map.of("ms", 20_000, "results", 1), Map.of(), Set.of(200));
      after(500 + random.nextInt(4000), () -> cancel(slow.id()));
    } else if (percent < 74) {
      Accepted deleted =
          submission.task("ALPHA", Map.of("ms", ms, "results", 2), Map.of(), Set.of(200));
      if (deleted.firstTry()) {
        after(random.nextInt(3000), () -> delete(deleted.id()));
      }
    } else if (percent < 78) {
      Accepted one =
          submission.task("ALPHA", Map.of("ms", ms, "results", 2), Map.of(), Set.of(200));
      Accepted two = submission.task("BETA", Map.of("ms", ms), Map.of(), Set.of(200));
      if (submission.firstTry && one.firstTry() && two.firstTry()) {
        after(random.nextInt(3000), () -> deleteDocument(submission.id));
      }
    } else if (percent < 88) {
      boolean fails = random.nextInt(4) == 0;
      submission.taskWithDependency(
          "BETA", "ALPHA", Map.of("ms", ms, "end", fails ? 500 : 200), fails);
    } else if (percent < 92) {
      Accepted forced =
          submission.task(
              "ALPHA",
              Map.of("ms", ms, "results", 1, "bytes", payloadBytes(random)),
              Map.of(),
              Set.of(200));
      after(random.nextInt(2500), () -> forceRetry(forced.id()));
    } else if (percent < 97) {
      int state = List.of(200, 200, 200, 404, 500).get(random.nextInt(5));
      Map<String, Object> args = new HashMap<>(Map.of("state", state));
      if (state == 200) {
        args.put("fail_first", random.nextInt(2));
        addResults(args, random);
      }
      submission.task(SystemUnderTest.DANE_KEY, args, Map.of(), Set.of(state));
    } else {
      submission.taskWithDependency("BETA", SystemUnderTest.DANE_KEY, Map.of("state", 200), false);
    }
  }

  /**
   * The size of the text in a result: mostly small; for one task of 12 larger than a record may be,
   * for one of 25 about the maximum of a report, and for one of 100 beyond it.
   */
  private static int payloadBytes(Random random) {
    int percent = random.nextInt(100);
    if (percent < 87) {
      return 20;
    }
    if (percent < 95) {
      return 20_000 + random.nextInt(50_000);
    }
    return percent < 99 ? 1_000_000 + random.nextInt(60_000) : 3 << 20;
  }

  /** Results that the DANE worker saves, of which it may save some again and take some back. */
  private static void addResults(Map<String, Object> args, Random random) {
    int results = random.nextInt(4);
    if (results > 0) {
      args.put("results", results);
      args.put("bytes", payloadBytes(random));
      args.put("again", random.nextInt(results + 1));
      args.put("take_back", random.nextInt(results));
      // The server tries again.
      args.put("unsaved", 503);
    }
  }

  private interface Request {
    void send() throws InterruptedException, TimeoutException;
  }

  private void after(long millis, Request request) {
    scheduler.schedule(
        () -> {
          try {
            request.send();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (TimeoutException | RuntimeException e) {
            history.error("submitter: " + e);
          }
        },
        millis,
        TimeUnit.MILLISECONDS);
  }

  /** Retries the task once it has failed; before that a retry has no effect. */
  private void retry(String task) throws InterruptedException, TimeoutException {
    RetryingClient.Response current = client.get("/task/" + task);
    if (current.body().path("state").asInt() == 500) {
      runAgain(task, "retry");
    } else if (!stopping) {
      after(1000, () -> retry(task));
    }
  }

  private void forceRetry(String task) throws InterruptedException, TimeoutException {
    runAgain(task, "forceretry");
  }

  private void runAgain(String task, String command) throws InterruptedException, TimeoutException {
    RetryingClient.Response response = client.post("/task/" + task + "/" + command, null);
    history.count(command);
    if (response.status() == 200) {
      int attempt = response.body().path("attempt").asInt();
      history.update(task, expected -> expected.withMinAttempt(attempt));
    } else {
      history.error(command + " of " + task + ": " + response);
    }
  }

  /** The response is 409 if the task has ended already. */
  private void cancel(String task) throws InterruptedException, TimeoutException {
    RetryingClient.Response response = client.post("/task/" + task + "/cancel", null);
    history.count("cancel");
    if (response.status() == 200) {
      history.update(task, expected -> expected.withEnds(Set.of(499, 200)));
    } else if (response.status() != 409) {
      history.error("cancel of " + task + ": " + response);
    }
  }

  private void delete(String task) throws InterruptedException, TimeoutException {
    sendDelete("/task/" + task);
    history.update(task, ExpectedTask::asDeleted);
  }

  private void deleteDocument(String document) throws InterruptedException, TimeoutException {
    sendDelete("/document/" + document);
    history.documentDeleted(document);
  }

  private void sendDelete(String path) throws InterruptedException, TimeoutException {
    RetryingClient.Response response = client.delete(path);
    history.count("delete");
    if (response.status() != 204 && (response.firstTry() || response.status() != 404)) {
      history.error("DELETE " + path + ": " + response);
    }
  }

  /** An accepted task, and whether its request was sent only once. */
  private record Accepted(String id, boolean firstTry) {}

  /** A document and its tasks. */
  private final class Submission {
    private final String name;
    private final String type;
    private String id;
    private boolean firstTry;

    private Submission(String name, String type) {
      this.name = name;
      this.type = type;
    }

    private void document() throws InterruptedException, TimeoutException {
      RetryingClient.Response response =
          client.post(
              "/document",
              Map.of(
                  "target",
                  Map.of("id", name, "url", "http://localhost/" + name, "type", type),
                  "creator",
                  Map.of("id", "chaos", "type", "Software")));
      id = createdId(response, "document " + name);
      firstTry = response.firstTry();
      history.document(id);
      history.count("document");
    }

    private Accepted task(String key, Map<String, ?> args, Map<String, ?> fields, Set<Integer> ends)
        throws InterruptedException, TimeoutException {
      return task(key, args, fields, ends, null);
    }

    private Accepted task(
        String key,
        Map<String, ?> args,
        Map<String, ?> fields,
        Set<Integer> ends,
        String dependency)
        throws InterruptedException, TimeoutException {
      Map<String, Object> body = new HashMap<>(fields);
      body.put("document_id", id);
      body.put("key", key);
      body.put("args", args);
      RetryingClient.Response response = client.post("/task", body);
      String task = createdId(response, key + " of " + id);
      int takenBack = args.get("take_back") instanceof Integer count ? count : 0;
      int results = args.get("results") instanceof Integer count ? count - takenBack : 0;
      history.task(new ExpectedTask(task, id, key, ends, results, takenBack, 1, false, dependency));
      history.count("task");
      return new Accepted(task, response.firstTry());
    }

    /** A task with a dependency that is created with it. */
    private void taskWithDependency(
        String key, String dependencyKey, Map<String, ?> args, boolean fails)
        throws InterruptedException, TimeoutException {
      String dependency = TaskId.of(new DocumentId(id), TaskKey.fromString(dependencyKey)).value();
      task(
          key,
          Map.of("ms", 10, "results", 1),
          Map.of("depends_on", List.of(Map.of("key", dependencyKey, "args", args))),
          Set.of(fails ? 424 : 200),
          dependency);
      history.task(
          new ExpectedTask(
              dependency, id, dependencyKey, Set.of(fails ? 500 : 200), 0, 0, 1, false, null));
      history.count("dependency");
    }

    /** The id of the record that this request or an earlier attempt of it created. */
    private String createdId(RetryingClient.Response response, String description) {
      JsonNode body = response.body();
      if (response.status() == 201) {
        return body.path("id").asText();
      }
      if (response.status() == 409 && !response.firstTry() && body.has("existing")) {
        return body.path("existing").asText();
      }
      throw new IllegalStateException("the server refused " + description + ": " + response);
    }
  }
}
