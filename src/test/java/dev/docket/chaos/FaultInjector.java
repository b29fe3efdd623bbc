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

/** Injects the planned faults and repairs them. At most two faults are active at the same time. */
final class FaultInjector {

  private static final int MAX_CONCURRENT = 2;
  private static final Duration RESTART_TIMEOUT = Duration.ofMinutes(3);
  private static final String NO_QUEUES = "nothing: there is no queue yet";
  private static final Duration BACKLOG_TIME = Duration.ofMillis(1500);

  private final SystemUnderTest system;
  private final ChaosHistory history;
  private final PrintStream out;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final long started = System.nanoTime();

  FaultInjector(SystemUnderTest system, ChaosHistory history, PrintStream out) {
    this.system = system;
    this.history = history;
    this.out = out;
  }

  /**
   * Injects the faults and returns when all are repaired. Faults that are delayed beyond the
   * duration, because earlier ones took long, are skipped.
   */
  void run(FaultPlan plan, Duration duration) throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(MAX_CONCURRENT);
    try {
      for (FaultPlan.PlannedFault planned : plan.faults()) {
        TimeUnit.NANOSECONDS.sleep(started + planned.at().toNanos() - System.nanoTime());
        permits.acquire();
        if (System.nanoTime() - started > duration.toNanos()) {
          permits.release();
          break;
        }
        executor.execute(() -> injectUnlessBusy(planned.fault()));
      }
      TimeUnit.NANOSECONDS.sleep(started + duration.toNanos() - System.nanoTime());
    } finally {
      executor.shutdown();
      if (!executor.awaitTermination(3, TimeUnit.MINUTES)) {
        history.error("some faults could not be repaired within 3 minutes");
      }
    }
  }

  /**
   * The plan has no overlapping faults of one target. But if a target takes longer than planned to
   * recover, its next fault is skipped.
   */
  private void injectUnlessBusy(Fault fault) {
    ReentrantLock lock = lock(fault.target());
    try {
      if (lock.tryLock()) {
        try {
          injectAndRecord(fault);
        } finally {
          lock.unlock();
        }
      }
    } finally {
      permits.release();
    }
  }

  private ReentrantLock lock(String target) {
    return locks.computeIfAbsent(target, name -> new ReentrantLock());
  }

  private void injectAndRecord(Fault fault) {
    Instant from = Instant.now();
    String description = fault.target();
    try {
      description = inject(fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ConnectException e) {
      // The fault was not injected, so it does not explain republished messages.
      return;
    } catch (HttpTimeoutException e) {
      description = "outcome unknown: the broker's management API did not respond";
    } catch (IOException | RuntimeException e) {
      history.error(fault + " failed: " + e);
    }
    Instant until = Instant.now();
    history.fault(fault, description, from, until);
    double seconds = Duration.between(from, until).toMillis() / 1e3;
    out.printf(
        Locale.ROOT,
        "  %6.1f s  %-8s %s, %.1f s%n",
        (System.nanoTime() - started) / 1e9 - seconds,
        fault.kind().label(),
        description,
        seconds);
  }

  /** Injects the fault, waits, repairs it, and returns a description of what it affected. */
  private String inject(Fault fault) throws InterruptedException, IOException {
    return switch (fault.kind()) {
      case KILL -> {
        FaultTarget target = system.target(fault.target());
        target.kill();
        yield restart(target, fault);
      }
      case TERM -> {
        FaultTarget target = system.target(fault.target());
        target.terminate();
        yield restart(target, fault);
      }
      case STOP -> {
        FaultTarget target = system.target(fault.target());
        target.suspend();
        try {
          sleep(fault);
        } finally {
          target.resume();
        }
        yield fault.target();
      }
      case CUT -> {
        Fault.Cut cut = (Fault.Cut) fault;
        CutProxy link = system.link(cut.target());
        link.setMode(cut.mode());
        try {
          sleep(fault);
        } finally {
          link.setMode(CutProxy.Mode.OPEN);
        }
        yield cut.target() + " " + cut.mode().description;
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
        FaultTargets.RabbitMq broker = (FaultTargets.RabbitMq) system.target(fault.target());
        withBacklog(broker::wipe);
        yield restart(broker, fault);
      }
      case EXCHANGE -> {
        management("DELETE", "/api/exchanges/%2F/" + SystemUnderTest.DANE_EXCHANGE);
        sleep(fault);
        FaultTarget worker = system.target(fault.target());
        worker.kill();
        worker.start();
        awaitReady(worker, fault);
        yield SystemUnderTest.DANE_EXCHANGE;
      }
    };
  }

  private interface Action {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Runs the action while the consumers are suspended, so that the queues hold messages to lose.
   * Consumers that have a fault themselves are not touched.
   */
  private void withBacklog(Action action) throws IOException, InterruptedException {
    List<String> suspended = new ArrayList<>();
    try {
      for (String worker : SystemUnderTest.CONSUMERS) {
        if (lock(worker).tryLock()) {
          suspended.add(worker);
          system.target(worker).suspend();
        }
      }
      Thread.sleep(BACKLOG_TIME.toMillis());
      action.run();
    } finally {
      for (String worker : suspended) {
        system.target(worker).resume();
        lock(worker).unlock();
      }
    }
  }

  private String restart(FaultTarget target, Fault fault) throws InterruptedException, IOException {
    sleep(fault);
    target.start();
    awaitReady(target, fault);
    return fault.target();
  }

  private static void sleep(Fault fault) throws InterruptedException {
    Thread.sleep(fault.duration().toMillis());
  }

  private void awaitReady(FaultTarget target, Fault fault) throws InterruptedException {
    long end = System.nanoTime() + RESTART_TIMEOUT.toNanos();
    while (!target.isReady()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            fault.target() + " did not become ready within 3 minutes after its restart");
      }
      Thread.sleep(100);
    }
  }

  /** The URL-encoded name of a queue; empty if there is no queue, as right after a wipe. */
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
    String credentials =
        Base64.getEncoder().encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(system.management().resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Basic " + credentials)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300 && response.statusCode() != 404) {
      throw new IOException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return response;
  }
}
