package dev.docket.fuzz;

import dev.docket.backends.LocalBackends;
import dev.docket.backends.ScratchDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends valid requests with none to three random changes to a server, and checks that it answers
 * each in time and without a server error, that the other records stay as they are, and that the
 * log has no error.
 */
public final class Fuzz {

  /** The number of requests that share a pool of records. */
  private static final int GROUP = 250;

  private static final int CLIENTS = 4;

  private final FuzzSettings settings;
  private final FuzzServer server;
  private final FuzzClient client;
  private final FuzzReport report;
  private final List<Routes> sources;
  private final int routes;

  /** Distinguishes the records of this run from those of other runs on the same store. */
  private final String run = Long.toString(System.nanoTime(), 36);

  private Fuzz(FuzzSettings settings, FuzzServer server) {
    this.settings = settings;
    this.server = server;
    this.client = new FuzzClient(server.uri(), server.store());
    this.report = new FuzzReport(settings);
    this.sources = List.of(new OwnRoutes(client.getJson("/openapi.json")), new DialectRoutes());
    this.routes = sources.stream().mapToInt(Routes::size).sum();
  }

  /** Exits with 0 only if nothing failed. */
  public static void main(String[] arguments) throws Exception {
    FuzzSettings settings;
    try {
      settings = FuzzSettings.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("fuzz: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(settings, System.out) ? 0 : 1);
  }

  private static boolean run(FuzzSettings settings, PrintStream out) throws Exception {
    ScratchDirectory scratch = ScratchDirectory.create("docket-fuzz");
    boolean passed = false;
    try (LocalBackends backends = LocalBackends.embedded(scratch.path().resolve("backends"));
        FuzzServer server =
            new FuzzServer(
                Files.createDirectory(scratch.path().resolve("server")), backends, "fuzz-")) {
      passed = run(settings, server, out);
    } finally {
      if (passed) {
        scratch.close();
      } else {
        out.println("The log is in " + scratch.path());
      }
    }
    return passed;
  }

  /** Sends the requests, and prints figures and failures. Returns whether nothing failed. */
  static boolean run(FuzzSettings settings, FuzzServer server, PrintStream out) throws Exception {
    out.printf("fuzz: %d requests, seed %d%n", settings.count(), settings.seed());
    long start = System.nanoTime();
    Fuzz fuzz = new Fuzz(settings, server);
    Canaries canaries = new Canaries(fuzz.client, fuzz.run);
    fuzz.sendAll(out);
    if (server.isAlive()) {
      canaries.changes().forEach(fuzz.report::fail);
    } else {
      fuzz.report.fail("the server has exited");
    }
    server.errors().forEach(fuzz.report::fail);
    boolean passed = fuzz.report.print(out, Duration.ofNanos(System.nanoTime() - start));
    if (settings.count() >= 10_000) {
      fuzz.report.printRoutes(out);
    }
    return passed;
  }

  private void sendAll(PrintStream out) throws InterruptedException, ExecutionException {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      int first = settings.only() < 0 ? 0 : settings.only() / GROUP;
      int last = settings.only() < 0 ? (settings.count() - 1) / GROUP : first;
      for (int group = first; group <= last && server.isAlive(); group++) {
        sendGroup(group, clients);
        if (group % 40 == 39) {
          out.printf("%d requests sent%n", (group + 1) * GROUP);
        }
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private void sendGroup(int group, ExecutorService clients)
      throws InterruptedException, ExecutionException {
    RecordPool pool = RecordPool.create(client, run + "-" + group);
    List<Future<?>> sent = new ArrayList<>();
    int end = Math.min(settings.count(), (group + 1) * GROUP);
    for (int i = group * GROUP; i < Math.max(end, settings.only() + 1); i++) {
      int number = i;
      if (settings.only() < 0 || settings.only() == number) {
        sent.add(clients.submit(() -> send(number, pool)));
      }
    }
    for (Future<?> each : sent) {
      each.get();
    }
    pool.delete(client);
  }

  private void send(int number, RecordPool pool) {
    // Each request has random numbers of its own, so that it can be repeated alone.
    Random random = new Random(settings.seed() * 1_000_003 + number);
    random.nextInt();
    WireRequest request = request(pool, random);
    int port = (request.draft().store ? server.store() : server.uri()).getPort();
    try {
      report.add(number, request, FuzzConnection.send(port, request));
    } catch (IOException e) {
      report.fail("request " + number + " could not be sent: " + e);
    }
  }

  private WireRequest request(RecordPool pool, Random random) {
    RequestDraft draft = draft(pool, random);
    if (!draft.hasBody() && random.nextBoolean()) {
      // Bodies offer more to change than reads, of which there are many.
      draft = draft(pool, random);
    }
    Mutations.apply(draft, random);
    String host = (draft.store ? server.store() : server.uri()).getAuthority();
    return WireRequest.of(draft, host, random);
  }

  private RequestDraft draft(RecordPool pool, Random random) {
    int index = random.nextInt(routes);
    int source = 0;
    while (index >= sources.get(source).size()) {
      index -= sources.get(source++).size();
    }
    return sources.get(source).draft(index, pool, random);
  }
}
