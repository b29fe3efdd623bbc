package dev.docket.worker;

import com.sun.net.httpserver.HttpExchange;
import dev.docket.wire.ResultUpload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** The uploads of a {@link FakeDocket}: keeps and records them, and injects faults for tests. */
final class FakeUploads {

  /** A fault of one call. */
  interface Fault {
    /** Returns true if it has handled the exchange, or false to let the server respond. */
    boolean handle(HttpExchange exchange) throws IOException;
  }

  /** A request, with the number of bytes that the server has read of it. */
  record Call(String method, String path, long offset, int bytes) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();

  /** Queues faults for the next calls, one fault for each call. */
  void failNext(Fault... nextFaults) {
    faults.addAll(List.of(nextFaults));
  }

  /** The server responds with a status and does not process the call. */
  Fault status(int status, String body, String... responseHeaders) {
    return exchange -> {
      exchange.getRequestBody().readAllBytes();
      record(exchange, 0);
      for (int i = 0; i < responseHeaders.length; i += 2) {
        exchange.getResponseHeaders().add(responseHeaders[i], responseHeaders[i + 1]);
      }
      respond(exchange, status, body);
      return true;
    };
  }

  /** The connection is lost when the server has received and kept a number of bytes. */
  Fault cutAfter(int bytes) {
    return exchange -> {
      keep(exchange, exchange.getRequestBody().readNBytes(bytes));
      exchange.close();
      return true;
    };
  }

  /** The server processes the call, but the response is lost. */
  Fault dropResponse() {
    return cutAfter(Integer.MAX_VALUE);
  }

  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers.add(Map.copyOf(exchange.getRequestHeaders()));
      Fault fault = faults.poll();
      if (fault != null && fault.handle(exchange)) {
        return;
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        record(exchange, 0);
        exchange
            .getResponseHeaders()
            .add(ResultUpload.OFFSET_HEADER, String.valueOf(kept(path(exchange)).length));
        respond(exchange, 200, "");
      } else if (offset(exchange) != kept(path(exchange)).length) {
        throw new IllegalStateException("the upload does not continue where the server stopped");
      } else {
        keep(exchange, exchange.getRequestBody().readAllBytes());
        respond(exchange, 200, "{\"bytes\":" + kept(path(exchange)).length + "}");
      }
    }
  }

  private void keep(HttpExchange exchange, byte[] bytes) {
    record(exchange, bytes.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Arrays.copyOf(kept(path(exchange)), (int) offset(exchange)));
    all.writeBytes(bytes);
    kept.put(path(exchange), all.toByteArray());
  }

  private void record(HttpExchange exchange, int bytes) {
    calls.add(new Call(exchange.getRequestMethod(), path(exchange), offset(exchange), bytes));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String path(HttpExchange exchange) {
    return exchange.getRequestURI().getPath();
  }

  private static long offset(HttpExchange exchange) {
    String offset = exchange.getRequestHeaders().getFirst(ResultUpload.OFFSET_HEADER);
    return offset == null ? 0 : Long.parseLong(offset);
  }

  private byte[] kept(String path) {
    return kept.getOrDefault(path, new byte[0]);
  }

  /** What the server has received of a payload, as text. */
  String content(String task, int n) {
    return new String(kept(ResultUpload.path(task, n)), StandardCharsets.UTF_8);
  }

  /** All calls, in order. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The headers of each call, in order. */
  List<Map<String, List<String>>> headers() {
    return List.copyOf(headers);
  }
}
