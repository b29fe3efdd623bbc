package dev.docket.fuzz;

import dev.docket.fuzz.RequestDraft.Framing;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Sends one request on a connection of its own, and reads the answer. */
final class FuzzConnection {

  /** A server that does not answer within this time hangs. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final int MAX_BODY = 64 << 20;
  private static final int KEPT_BODY = 4_000;
  private static final int MAX_LINE = 1 << 20;

  private final InputStream in;
  private final Map<String, String> headers = new TreeMap<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  private FuzzConnection(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  static Answer send(int port, WireRequest request) throws IOException {
    long start = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      socket.setTcpNoDelay(true);
      FuzzConnection connection = new FuzzConnection(socket.getInputStream());
      Answer.End end = connection.exchange(socket, request);
      return new Answer(
          end,
          connection.status,
          connection.headers,
          connection.body.toString(StandardCharsets.UTF_8),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private Answer.End exchange(Socket socket, WireRequest request) throws IOException {
    Framing framing = request.draft().framing;
    try {
      write(socket, request);
      if (framing == Framing.RESET && request.bodyLength() > 0) {
        socket.setSoLinger(true, 0);
        return Answer.End.LEFT;
      }
      if (request.draft().isFramingBroken()) {
        // Otherwise the server rightly waits for more until its own timeout.
        socket.shutdownOutput();
      }
    } catch (IOException rejected) {
      // The server may answer, and close, before it has read the whole request.
    }
    try {
      readHead();
      if (request.draft().leaves) {
        socket.setSoLinger(true, 0);
        return Answer.End.LEFT;
      }
      return readBody(request.draft().method.equals("HEAD"));
    } catch (SocketTimeoutException hang) {
      return Answer.End.HANG;
    } catch (IOException cut) {
      return Answer.End.CUT;
    }
  }

  private static void write(Socket socket, WireRequest request) throws IOException {
    socket.getOutputStream().write(request.bytes());
    socket.getOutputStream().flush();
  }

  private void readHead() throws IOException {
    do {
      headers.clear();
      String[] line = readLine().split(" ", 3);
      status = Integer.parseInt(line[1]);
      for (String header = readLine(); !header.isEmpty(); header = readLine()) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
    } while (status == 100);
  }

  private Answer.End readBody(boolean head) throws IOException {
    if (headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
      return Answer.End.LEFT;
    }
    if (head || status == 204 || status == 304) {
      return Answer.End.COMPLETE;
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      readChunks();
    } else if (headers.containsKey("content-length")) {
      readBytes(Long.parseLong(headers.get("content-length")));
    } else {
      readToEnd();
    }
    return Answer.End.COMPLETE;
  }

  private void readChunks() throws IOException {
    for (int size = readSize(); size > 0; size = readSize()) {
      readBytes(size);
      readLine();
    }
    readLine();
  }

  private int readSize() throws IOException {
    return Integer.parseInt(readLine(), 16);
  }

  private void readBytes(long count) throws IOException {
    byte[] bytes = in.readNBytes((int) Math.min(count, MAX_BODY));
    if (bytes.length < count) {
      throw new EOFException();
    }
    keep(bytes);
  }

  private void readToEnd() throws IOException {
    keep(in.readNBytes(MAX_BODY));
  }

  private void keep(byte[] bytes) {
    body.write(bytes, 0, Math.min(bytes.length, Math.max(0, KEPT_BODY - body.size())));
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > MAX_LINE) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
