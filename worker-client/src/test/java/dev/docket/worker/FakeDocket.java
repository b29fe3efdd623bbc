package dev.docket.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.docket.wire.PollAnswer;
import dev.docket.wire.PollRequest;
import dev.docket.wire.ReportAnswer;
import dev.docket.wire.ReportItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Plays the server: writes down what it is told, grants every run once, and fails as the test says.
 */
final class FakeDocket implements AutoCloseable {

  static final int LEASE_SECONDS = 60;

  /** What goes wrong with one call, before it is looked at or after. */
  interface Fault {
    /** Answers the call itself and says true, or leaves it to the server. */
    boolean happens(HttpExchange exchange, byte[] body) throws IOException;
  }

  static {
    // Otherwise each answer waits 40 ms for the client to confirm its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<ReportItem>> calls = new CopyOnWriteArrayList<>();
  private final List<PollRequest> polls = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final Map<String, String> claims = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<List<PollAnswer.Granted>>> pollAnswers =
      new ConcurrentHashMap<>();
  private final Deque<PollAnswer.Granted> atTheEnd = new ConcurrentLinkedDeque<>();
  private final Set<String> endedPolls = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingDeque<PollAnswer.Granted> toPoll = new LinkedBlockingDeque<>();
  private final Map<String, Function<ReportItem, ReportAnswer>> rules = new ConcurrentHashMap<>();
  private HttpServer http;

  FakeDocket() {
    http = listen(0);
  }

  private HttpServer listen(int port) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.setExecutor(threads);
      server.createContext("/", this::handle);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  void stop() {
    http.stop(0);
  }

  void startAgain() {
    http = listen(http.getAddress().getPort());
  }

  /** The next call meets this instead; several queue up. */
  void next(Fault... more) {
    faults.addAll(List.of(more));
  }

  static Fault status(int status, String... headers) {
    return (exchange, body) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
      return true;
    };
  }

  /** The server has done it, but the answer is lost. */
  Fault dropAnswer() {
    return (exchange, body) -> {
      answer(exchange, body);
      exchange.close();
      return true;
    };
  }

  /** What is answered to items of a kind, from now on. */
  <T extends ReportItem> void on(Class<T> kind, Function<T, ReportAnswer> rule) {
    rules.put(kind.getSimpleName(), item -> rule.apply(kind.cast(item)));
  }

  void offer(PollAnswer.Granted granted) {
    toPoll.add(granted);
  }

  /** To the first poll that is ended, in the moment in which it is. */
  void grantsAtTheEnd(PollAnswer.Granted granted) {
    atTheEnd.add(granted);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    try (exchange) {
      Fault fault = faults.poll();
      if (fault != null && fault.happens(exchange, body)) {
        return;
      }
      byte[] answer = answer(exchange, body);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private byte[] answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.endsWith("/worker/poll")) {
      return MAPPER.writeValueAsBytes(poll(MAPPER.readValue(body, PollRequest.class)));
    }
    if (path.endsWith("/worker/report")) {
      List<ReportItem> items = MAPPER.readValue(body, new TypeReference<List<ReportItem>>() {});
      calls.add(items);
      return MAPPER.writeValueAsBytes(items.stream().map(this::decide).toList());
    }
    throw new IllegalArgumentException("no such path: " + path);
  }

  private PollAnswer poll(PollRequest request) {
    polls.add(request);
    CompletableFuture<List<PollAnswer.Granted>> mine = new CompletableFuture<>();
    CompletableFuture<List<PollAnswer.Granted>> open =
        pollAnswers.putIfAbsent(request.pollId(), mine);
    if (open == null) {
      mine.complete(offered(request));
      return new PollAnswer(mine.join());
    }
    if (request.waitSeconds() == 0) {
      PollAnswer.Granted last = atTheEnd.poll();
      if (last != null) {
        toPoll.add(last);
        return new PollAnswer(open.join());
      }
      endedPolls.add(request.pollId());
    }
    return new PollAnswer(open.join());
  }

  private List<PollAnswer.Granted> offered(PollRequest request) {
    List<PollAnswer.Granted> granted = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(request.waitSeconds());
    try {
      PollAnswer.Granted first;
      do {
        first = toPoll.poll(10, TimeUnit.MILLISECONDS);
      } while (first == null
          && System.nanoTime() - end < 0
          && !endedPolls.contains(request.pollId()));
      if (first != null) {
        granted.add(first);
        toPoll.drainTo(granted, request.max() - 1);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
    return granted;
  }

  private ReportAnswer decide(ReportItem item) {
    Function<ReportItem, ReportAnswer> rule = rules.get(item.getClass().getSimpleName());
    if (rule != null) {
      return rule.apply(item);
    }
    if (item instanceof ReportItem.Claim claim) {
      String holder = claims.putIfAbsent(claim.task() + claim.run(), claim.claimId());
      return holder == null || holder.equals(claim.claimId()) ? granted(null) : refused(409);
    }
    return taken();
  }

  static ReportAnswer taken() {
    return new ReportAnswer(200, null, 102, 1, null, null, false);
  }

  static ReportAnswer cancel() {
    return new ReportAnswer(200, null, 102, 1, null, null, true);
  }

  static ReportAnswer granted(Long timeoutSeconds) {
    return new ReportAnswer(200, null, 102, 1, LEASE_SECONDS, timeoutSeconds, false);
  }

  static ReportAnswer refused(int status) {
    return new ReportAnswer(status, "because of " + status, null, null, null, null, false);
  }

  /** The items of each call, in order. */
  List<List<ReportItem>> calls() {
    return List.copyOf(calls);
  }

  List<PollRequest> polls() {
    return List.copyOf(polls);
  }

  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /** All items of a kind, in order. */
  <T extends ReportItem> List<T> heard(Class<T> kind) {
    return calls.stream().flatMap(List::stream).filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The state that each task was ended with, in order. */
  List<String> ends() {
    return heard(ReportItem.Complete.class).stream()
        .map(end -> end.task() + " " + end.state())
        .toList();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
