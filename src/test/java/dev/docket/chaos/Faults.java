package dev.docket.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Breaks what the plan says, and mends it. At most two things are broken at once. */
final class Faults {

  private static final int MAX_CONCURRENT = 2;
  private static final Duration BACK = Duration.ofMinutes(3);
  private static final String NO_QUEUES = "no queue: there is none yet";
  private static final Duration BACKLOG = Duration.ofMillis(1500);

  private final Installation house;
  private final AcceptedWork accepted;
  private final PrintStream out;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Semaphore places = new Semaphore(MAX_CONCURRENT);
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final long began = System.nanoTime();

  Faults(Installation house, AcceptedWork accepted, PrintStream out) {
    this.house = house;
    this.accepted = accepted;
    this.out = out;
  }

  /**
   * Returns when all is mended. What comes late because others took long is left out at the end.
   */
  void run(FaultPlan plan, Duration length) throws InterruptedException {
    ExecutorService hands = Executors.newFixedThreadPool(MAX_CONCURRENT);
    try {
      for (FaultPlan.Planned planned : plan.faults()) {
        TimeUnit.NANOSECONDS.sleep(began + planned.at().toNanos() - System.nanoTime());
        places.acquire();
        if (System.nanoTime() - began > length.toNanos()) {
          places.release();
          break;
        }
        hands.execute(() -> one(planned.fault()));
      }
      TimeUnit.NANOSECONDS.sleep(began + length.toNanos() - System.nanoTime());
    } finally {
      hands.shutdown();
      if (!hands.awaitTermination(3, TimeUnit.MINUTES)) {
        accepted.healthError("what was broken could not be mended in 3 minutes");
      }
    }
  }

  /** Planned so that nobody is hit twice; but who takes longer to come back is left in peace. */
  private void one(Fault fault) {
    ReentrantLock lock = lock(fault.target());
    try {
      if (lock.tryLock()) {
        try {
          noted(fault);
        } finally {
          lock.unlock();
        }
      }
    } finally {
      places.release();
    }
  }

  private ReentrantLock lock(String target) {
    return locks.computeIfAbsent(target, name -> new ReentrantLock());
  }

  private void noted(Fault fault) {
    Instant from = Instant.now();
    String what = fault.target();
    try {
      what = hit(fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ConnectException e) {
      // It was not made, so it is no excuse for what is sent again.
      return;
    } catch (HttpTimeoutException e) {
      what = "perhaps: the broker's management does not answer";
    } catch (IOException | RuntimeException e) {
      accepted.healthError(fault + ": " + e);
    }
    Instant until = Instant.now();
    accepted.happened(fault, what, from, until);
    double took = Duration.between(from, until).toMillis() / 1e3;
    out.printf(
        Locale.ROOT,
        "  %6.1f s  %-8s %s, %.1f s%n",
        (System.nanoTime() - began) / 1e9 - took,
        fault.kind().label(),
        what,
        took);
  }

  /** Breaks it, waits, mends it, and returns in words what it was. */
  private String hit(Fault fault) throws InterruptedException, IOException {
    return switch (fault.kind()) {
      case KILL -> {
        FaultTarget target = house.victim(fault.target());
        target.kill();
        yield again(target, fault);
      }
      case TERM -> {
        FaultTarget target = house.victim(fault.target());
        target.terminate();
        yield again(target, fault);
      }
      case STOP -> {
        FaultTarget target = house.victim(fault.target());
        target.suspend();
        try {
          rest(fault);
        } finally {
          target.resume();
        }
        yield fault.target();
      }
      case CUT -> {
        Fault.Cut cut = (Fault.Cut) fault;
        CutProxy link = house.link(cut.target());
        link.set(cut.mode());
        try {
          rest(fault);
        } finally {
          link.set(CutProxy.Mode.OPEN);
        }
        yield cut.target() + " " + cut.mode().name().toLowerCase(Locale.ROOT);
      }
      case PURGE -> {
        String queue = queue(((Fault.Purge) fault).pick());
        if (queue.isEmpty()) {
          yield NO_QUEUES;
        }
        withBacklog(() -> management("DELETE", "/api/queues/%2F/" + queue + "/contents"));
        yield "queue " + queue;
      }
      case DELETE -> {
        String queue = queue(((Fault.DeleteQueue) fault).pick());
        if (queue.isEmpty()) {
          yield NO_QUEUES;
        }
        withBacklog(() -> management("DELETE", "/api/queues/%2F/" + queue));
        yield "queue " + queue;
      }
      case WIPE -> {
        FaultTargets.Broker broker = (FaultTargets.Broker) house.victim(fault.target());
        withBacklog(broker::wipe);
        yield again(broker, fault);
      }
      case EXCHANGE -> {
        management("DELETE", "/api/exchanges/%2F/" + Installation.DANE_EXCHANGE);
        rest(fault);
        FaultTarget python = house.victim(fault.target());
        python.kill();
        python.start();
        awaitReady(python, fault);
        yield Installation.DANE_EXCHANGE;
      }
    };
  }

  private interface Act {
    void run() throws IOException, InterruptedException;
  }

  /** While no worker takes messages, so that some are lost; those who are broken are left alone. */
  private void withBacklog(Act act) throws IOException, InterruptedException {
    List<String> stopped = new ArrayList<>();
    try {
      for (String worker : Installation.TAKERS) {
        if (lock(worker).tryLock()) {
          stopped.add(worker);
          house.victim(worker).suspend();
        }
      }
      Thread.sleep(BACKLOG.toMillis());
      act.run();
    } finally {
      for (String worker : stopped) {
        house.victim(worker).resume();
        lock(worker).unlock();
      }
    }
  }

  private String again(FaultTarget target, Fault fault) throws InterruptedException, IOException {
    rest(fault);
    target.start();
    awaitReady(target, fault);
    return fault.target();
  }

  private static void rest(Fault fault) throws InterruptedException {
    Thread.sleep(fault.time().toMillis());
  }

  private void awaitReady(FaultTarget target, Fault fault) throws InterruptedException {
    long end = System.nanoTime() + BACK.toNanos();
    while (!target.isReady()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(fault.target() + " does not come back");
      }
      Thread.sleep(100);
    }
  }

  /** Its name as it stands in an address; empty if there is none, as right after a wipe. */
  private String queue(int pick) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    new ObjectMapper()
        .readTree(management("GET", "/api/queues?columns=name").body())
        .forEach(queue -> names.add(queue.path("name").asText()));
    if (names.isEmpty()) {
      return "";
    }
    names.sort(null);
    return URLEncoder.encode(names.get(pick % names.size()), StandardCharsets.UTF_8);
  }

  private HttpResponse<String> management(String method, String path)
      throws IOException, InterruptedException {
    String login =
        Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(house.management().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Basic " + login)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300 && answer.statusCode() != 404) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + answer.body());
    }
    return answer;
  }
}
