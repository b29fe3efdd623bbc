package dev.docket.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.docket.wire.PollRequest;
import dev.docket.wire.PollResponse;
import dev.docket.wire.ReportItem;
import dev.docket.wire.ReportResponse;
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

/** A fake server: records all reports, grants every run once, and injects faults for tests. */
final class FakeDocket implements AutoCloseable {

  static final int LEASE_SECONDS = 60;

  /** A fault of one call, before or after the server processes it. */
  interface Fault {
    /** Returns true if it has handled the exchange, or false to let the server respond. */
    boolean handle(HttpExchange exchange, byte[] body) throws IOException;
  }

  static {
    // Without it each response waits 40 ms for the client's TCP acknowledgement of the headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<ReportItem>> calls = new CopyOnWriteArrayList<>();
  private final List<PollRequest> polls = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
  private final Deque<Fault> pollFaults = new ConcurrentLinkedDeque<>();
  private final Map<String, String> claims = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<List<PollResponse.Granted>>> pollResponses =
      new ConcurrentHashMap<>();
  private final Deque<PollResponse.Granted> grantsAtPollEnd = new ConcurrentLinkedDeque<>();
  private final Set<String> endedPolls = ConcurrentHashMap.newKeySet();
  private final LinkedBlockingDeque<PollResponse.Granted> offered = new LinkedBlockingDeque<>();
  private final Map<String, Function<ReportItem, ReportResponse>> rules = new ConcurrentHashMap<>();
  private final FakeUploads uploads = new FakeUploads();
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

  void restart() {
    http = listen(http.getAddress().getPort());
  }

  /** Queues faults for the next calls, one fault for each call. */
  void failNext(Fault... nextFaults) {
    faults.addAll(List.of(nextFaults));
  }

  /** Queues faults for the next polls, one fault for each poll; other calls leave them alone. */
  void failNextPolls(Fault... nextFaults) {
    pollFaults.addAll(List.of(nextFaults));
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

  /** The server processes the call, but the response is lost. */
  Fault dropResponse() {
    return (exchange, body) -> {
      response(exchange, body);
      exchange.close();
      return true;
    };
  }

  /** Sets the response to items of a kind, from now on. */
  <T extends ReportItem> void respondTo(Class<T> kind, Function<T, ReportResponse> rule) {
    rules.put(kind.getSimpleName(), item -> rule.apply(kind.cast(item)));
  }

  void offer(PollResponse.Granted granted) {
    offered.add(granted);
  }

  /** Grants a task to the first poll that the worker ends, at that moment. */
  void grantWhenPollEnds(PollResponse.Granted granted) {
    grantsAtPollEnd.add(granted);
  }

  /** The uploads of results. Faults of other calls do not apply to them. */
  FakeUploads uploads() {
    return uploads;
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getPath().startsWith("/task/")) {
      uploads.handle(exchange);
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    try (exchange) {
      boolean isPoll = exchange.getRequestURI().getPath().endsWith("/worker/poll");
      Fault pollFault = isPoll ? pollFaults.poll() : null;
      Fault fault = pollFault != null ? pollFault : faults.poll();
      if (fault != null && fault.handle(exchange, body)) {
        return;
      }
      byte[] response = response(exchange, body);
      exchange.sendResponseHeaders(200, response.length);
      exchange.getResponseBody().write(response);
    }
  }

  private byte[] response(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.endsWith("/worker/poll")) {
      return MAPPER.writeValueAsBytes(poll(MAPPER.readValue(body, PollRequest.class)));
    }
    if (path.endsWith("/worker/report")) {
      List<ReportItem> items = MAPPER.readValue(body, new TypeReference<List<ReportItem>>() {});
      calls.add(items);
      return MAPPER.writeValueAsBytes(items.stream().map(this::respond).toList());
    }
    throw new IllegalArgumentException("no such path: " + path);
  }

  private PollResponse poll(PollRequest request) {
    polls.add(request);
    CompletableFuture<List<PollResponse.Granted>> granted = new CompletableFuture<>();
    CompletableFuture<List<PollResponse.Granted>> open =
        pollResponses.putIfAbsent(request.pollId(), granted);
    if (open == null) {
      granted.complete(awaitOffered(request));
      return new PollResponse(granted.join());
    }
    if (request.waitSeconds() == 0) {
      PollResponse.Granted last = grantsAtPollEnd.poll();
      if (last != null) {
        offered.add(last);
        return new PollResponse(open.join());
      }
      endedPolls.add(request.pollId());
    }
    return new PollResponse(open.join());
  }

  private List<PollResponse.Granted> awaitOffered(PollRequest request) {
    List<PollResponse.Granted> granted = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(request.waitSeconds());
    try {
      PollResponse.Granted first;
      do {
        first = offered.poll(10, TimeUnit.MILLISECONDS);
      } while (first == null
          && System.nanoTime() - end < 0
          && !endedPolls.contains(request.pollId()));
      if (first != null) {
        granted.add(first);
        offered.drainTo(granted, request.max() - 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return granted;
  }

  private ReportResponse respond(ReportItem item) {
    Function<ReportItem, ReportResponse> rule = rules.get(item.getClass().getSimpleName());
    if (rule != null) {
      return rule.apply(item);
    }
    if (item instanceof ReportItem.Claim claim) {
      String holder = claims.putIfAbsent(claim.task() + claim.run(), claim.claimId());
      return holder == null || holder.equals(claim.claimId()) ? granted(null) : rejected(409);
    }
    return accepted();
  }

  static ReportResponse accepted() {
    return new ReportResponse(200, null, 102, 1, null, null, false);
  }

  static ReportResponse cancel() {
    return new ReportResponse(200, null, 102, 1, null, null, true);
  }

  static ReportResponse granted(Long timeoutSeconds) {
    return new ReportResponse(200, null, 102, 1, LEASE_SECONDS, timeoutSeconds, false);
  }

  static ReportResponse rejected(int status) {
    return new ReportResponse(status, "because of " + status, null, null, null, null, false);
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

  /** All received items of a kind, in order. */
  <T extends ReportItem> List<T> received(Class<T> kind) {
    return calls.stream().flatMap(List::stream).filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The id and end state of each completed task, in order. */
  List<String> ends() {
    return received(ReportItem.Complete.class).stream()
        .map(end -> end.task() + " " + end.state())
        .toList();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
