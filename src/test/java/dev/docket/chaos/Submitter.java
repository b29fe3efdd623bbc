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
 * Submits documents and tasks, some of which it cancels, deletes or sends again, and notes in the
 * ledger what it was answered. A request without an answer is repeated until there is one.
 */
final class Submitter {

  private static final int HANDS = 4;
  private static final double TASKS_PER_STORY = 1.6;

  private final Client client;
  private final AcceptedWork accepted;
  private final Settings settings;
  private final List<Thread> hands = new ArrayList<>();
  private final ScheduledExecutorService later = Executors.newScheduledThreadPool(8);
  private volatile boolean stopping;

  Submitter(Client client, AcceptedWork accepted, Settings settings) {
    this.client = client;
    this.accepted = accepted;
    this.settings = settings;
  }

  void start() {
    for (int i = 0; i < HANDS; i++) {
      int hand = i;
      Thread thread = new Thread(() -> work(hand), "submitter-" + hand);
      hands.add(thread);
      thread.start();
    }
  }

  /** Submits no more, and returns when all that was asked is answered. */
  void finish() throws InterruptedException {
    stopping = true;
    for (Thread hand : hands) {
      hand.join();
    }
    later.shutdown();
    if (!later.awaitTermination(2, TimeUnit.MINUTES)) {
      accepted.healthError("the submitter does not come to an end");
    }
  }

  private void work(int hand) {
    Random random = new Random(settings.seed() * HANDS + hand);
    long gap = (long) (HANDS * TASKS_PER_STORY / settings.tasksPerSecond() * 1e9);
    long next = System.nanoTime();
    try {
      for (int n = 0; !stopping && accepted.taskCount() < settings.mostTasks(); n++) {
        story(hand + "-" + n, random);
        // What was held up is not made up for.
        next = Math.max(next + gap, System.nanoTime() - gap);
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | RuntimeException e) {
      accepted.healthError("submitter: " + e);
    }
  }

  private void story(String name, Random random) throws InterruptedException, TimeoutException {
    int which = random.nextInt(100);
    int ms = 5 + random.nextInt(random.nextInt(4) == 0 ? 795 : 60);
    String type = random.nextBoolean() ? "Text" : "Image";
    Story story = new Story(name, type);
    story.document();
    if (which < 40) {
      story.task("ALPHA", Map.of("ms", ms, "results", random.nextInt(3)), Map.of(), Set.of(200));
      if (random.nextBoolean()) {
        story.task("BETA", Map.of("ms", 5, "give_back", 1), Map.of(), Set.of(200));
      }
    } else if (which < 50) {
      Answered failing = story.task("ALPHA", Map.of("ms", ms, "end", 500), Map.of(), Set.of(500));
      if (random.nextBoolean()) {
        after(500, () -> retry(failing.id()));
      }
    } else if (which < 58) {
      story.task(
          "ALPHA",
          Map.of("ms", ms, "end", random.nextBoolean() ? 502 : 503),
          Map.of("retry", Map.of("max_attempts", 3)),
          Set.of(500, 502, 503));
    } else if (which < 66) {
      Answered slow =
          story.task("ALPHA", Map.of("ms", 20_000, "results", 1), Map.of(), Set.of(200));
      after(500 + random.nextInt(4000), () -> cancel(slow.id()));
    } else if (which < 74) {
      Answered gone = story.task("ALPHA", Map.of("ms", ms, "results", 2), Map.of(), Set.of(200));
      if (gone.sure()) {
        after(random.nextInt(3000), () -> delete(gone.id()));
      }
    } else if (which < 78) {
      Answered one = story.task("ALPHA", Map.of("ms", ms, "results", 2), Map.of(), Set.of(200));
      Answered two = story.task("BETA", Map.of("ms", ms), Map.of(), Set.of(200));
      if (story.sure && one.sure() && two.sure()) {
        after(random.nextInt(3000), () -> deleteDocument(story.id));
      }
    } else if (which < 88) {
      boolean fails = random.nextInt(4) == 0;
      story.chain("BETA", "ALPHA", Map.of("ms", ms, "end", fails ? 500 : 200), fails);
    } else if (which < 92) {
      Answered again = story.task("ALPHA", Map.of("ms", ms, "results", 1), Map.of(), Set.of(200));
      after(random.nextInt(2500), () -> forceRetry(again.id()));
    } else if (which < 97) {
      int state = List.of(200, 200, 200, 404, 500).get(random.nextInt(5));
      Map<String, Object> args = new HashMap<>(Map.of("state", state));
      if (state == 200) {
        args.put("fail_first", random.nextInt(2));
      }
      story.task(Installation.DANE_KEY, args, Map.of(), Set.of(state));
    } else {
      story.chain("BETA", Installation.DANE_KEY, Map.of("state", 200), false);
    }
  }

  private interface Request {
    void send() throws InterruptedException, TimeoutException;
  }

  private void after(long millis, Request request) {
    later.schedule(
        () -> {
          try {
            request.send();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (TimeoutException | RuntimeException e) {
            accepted.healthError("submitter: " + e);
          }
        },
        millis,
        TimeUnit.MILLISECONDS);
  }

  /** Once it has failed; before that a retry does nothing. */
  private void retry(String task) throws InterruptedException, TimeoutException {
    Client.Answer now = client.get("/task/" + task);
    if (now.body().path("state").asInt() == 500) {
      again(task, "retry");
    } else if (!stopping) {
      after(1000, () -> retry(task));
    }
  }

  private void forceRetry(String task) throws InterruptedException, TimeoutException {
    again(task, "forceretry");
  }

  private void again(String task, String how) throws InterruptedException, TimeoutException {
    Client.Answer answer = client.post("/task/" + task + "/" + how, null);
    accepted.count(how);
    if (answer.status() == 200) {
      int attempt = answer.body().path("attempt").asInt();
      accepted.change(task, promise -> promise.withLeastAttempt(attempt));
    } else {
      accepted.healthError(how + " of " + task + ": " + answer);
    }
  }

  /** 409 where it has ended already. */
  private void cancel(String task) throws InterruptedException, TimeoutException {
    Client.Answer answer = client.post("/task/" + task + "/cancel", null);
    accepted.count("cancel");
    if (answer.status() == 200) {
      accepted.change(task, promise -> promise.withEnds(Set.of(499, 200)));
    } else if (answer.status() != 409) {
      accepted.healthError("cancel of " + task + ": " + answer);
    }
  }

  private void delete(String task) throws InterruptedException, TimeoutException {
    gone("/task/" + task);
    accepted.change(task, Promise::gone);
  }

  private void deleteDocument(String document) throws InterruptedException, TimeoutException {
    gone("/document/" + document);
    accepted.documentDeleted(document);
  }

  private void gone(String path) throws InterruptedException, TimeoutException {
    Client.Answer answer = client.delete(path);
    accepted.count("delete");
    if (answer.status() != 204 && (answer.sure() || answer.status() != 404)) {
      accepted.healthError("DELETE " + path + ": " + answer);
    }
  }

  /** A task that was accepted; sure if it was asked for once only. */
  private record Answered(String id, boolean sure) {}

  private final class Story {
    private final String name;
    private final String type;
    private String id;
    private boolean sure;

    private Story(String name, String type) {
      this.name = name;
      this.type = type;
    }

    private void document() throws InterruptedException, TimeoutException {
      Client.Answer answer =
          client.post(
              "/document",
              Map.of(
                  "target",
                  Map.of("id", name, "url", "http://localhost/" + name, "type", type),
                  "creator",
                  Map.of("id", "chaos", "type", "Software")));
      id = made(answer, "document " + name);
      sure = answer.sure();
      accepted.document(id);
      accepted.count("document");
    }

    private Answered task(String key, Map<String, ?> args, Map<String, ?> more, Set<Integer> ends)
        throws InterruptedException, TimeoutException {
      return task(key, args, more, ends, null);
    }

    private Answered task(
        String key, Map<String, ?> args, Map<String, ?> more, Set<Integer> ends, String after)
        throws InterruptedException, TimeoutException {
      Map<String, Object> body = new HashMap<>(more);
      body.put("document_id", id);
      body.put("key", key);
      body.put("args", args);
      Client.Answer answer = client.post("/task", body);
      String task = made(answer, key + " of " + id);
      int results = args.get("results") instanceof Integer count ? count : 0;
      accepted.task(new Promise(task, id, key, ends, results, 1, false, after));
      accepted.count("task");
      return new Answered(task, answer.sure());
    }

    /** A task that needs another, which is made with it. */
    private void chain(String key, String needed, Map<String, ?> args, boolean fails)
        throws InterruptedException, TimeoutException {
      String first = TaskId.of(new DocumentId(id), TaskKey.fromString(needed)).value();
      task(
          key,
          Map.of("ms", 10, "results", 1),
          Map.of("depends_on", List.of(Map.of("key", needed, "args", args))),
          Set.of(fails ? 424 : 200),
          first);
      accepted.task(new Promise(first, id, needed, Set.of(fails ? 500 : 200), 0, 1, false, null));
      accepted.count("dependency");
    }

    /** Its id, if it was made now or by an earlier request of ours. */
    private String made(Client.Answer answer, String what) {
      JsonNode body = answer.body();
      if (answer.status() == 201) {
        return body.path("id").asText();
      }
      if (answer.status() == 409 && !answer.sure() && body.has("existing")) {
        return body.path("existing").asText();
      }
      throw new IllegalStateException(what + " is refused: " + answer);
    }
  }
}
