package dev.docket.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A persistent HTTP/1.1 connection for one thread. It needs little processor time compared with the
 * server that it measures, since both share the machine. (The JDK's client needs about as much time
 * for a request as the server.) Not thread-safe.
 */
final class RawHttpConnection implements AutoCloseable {

  private static final byte[] NO_BODY = new byte[0];
  private static final byte[] CRLF = {'\r', '\n'};

  private final String host;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private String remainder = "";
  private int at;
  private int end;

  RawHttpConnection(URI server) throws IOException {
    host = server.getHost() + ":" + server.getPort();
    socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(120_000);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** A response. */
  static final class Response {
    private final int status;
    private final byte[] body;

    private Response(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    byte[] body() {
      return body;
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** Returns this response; throws if its status is not one of these. */
    Response expect(int... allowed) {
      if (Arrays.stream(allowed).noneMatch(s -> s == status)) {
        throw new IllegalStateException(
            "expected status " + Arrays.toString(allowed) + ", but got " + status + " " + text());
      }
      return this;
    }
  }

  Response get(String path) throws IOException {
    return send("GET", path, "application/json", NO_BODY);
  }

  Response delete(String path) throws IOException {
    return send("DELETE", path, "application/json", NO_BODY);
  }

  Response post(String path, String json) throws IOException {
    return send("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  Response send(String method, String path, String type, byte[] body) throws IOException {
    String head =
        method
            + ' '
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nAccept: application/json\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] request =
        Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + body.length);
    System.arraycopy(body, 0, request, head.length(), body.length);
    out.write(request);
    out.flush();
    return readResponse();
  }

  /**
   * Sends the blocks as chunks and reads the response at the same time.
   *
   * @return the number of occurrences of {@code counted} in the response
   */
  long stream(String path, Iterable<byte[]> blocks, String counted) throws Exception {
    Thread writer = new Thread(() -> writeChunked(path, blocks), "bench request writer");
    writer.start();
    expectOk();
    long found = 0;
    for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
      // Chunks end anywhere: keep the rest, to find an occurrence that spans two chunks.
      remainder = remainder + new String(chunk, StandardCharsets.UTF_8);
      int last = 0;
      for (int at = remainder.indexOf(counted); at >= 0; at = remainder.indexOf(counted, last)) {
        found++;
        last = at + counted.length();
      }
      remainder = remainder.substring(Math.max(last, remainder.length() - counted.length()));
    }
    writer.join();
    return found;
  }

  private void writeChunked(String path, Iterable<byte[]> blocks) {
    try {
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nContent-Type: application/x-ndjson\r\nAccept: application/x-ndjson"
              + "\r\nTransfer-Encoding: chunked\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      for (byte[] block : blocks) {
        out.write((Integer.toHexString(block.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(block);
        out.write(CRLF);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void expectOk() throws IOException {
    String status = readLine();
    if (!status.contains(" 200")) {
      throw new IOException(status);
    }
    for (String header = readLine(); !header.isEmpty(); header = readLine()) {
      // Headers are ignored.
    }
  }

  private Response readResponse() throws IOException {
    int status = Integer.parseInt(readLine().split(" ", 3)[1]);
    int length = 0;
    boolean chunked = false;
    for (String header = readLine(); !header.isEmpty(); header = readLine()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
      chunked |= header.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26);
    }
    return new Response(status, chunked ? readChunks() : readBytes(length));
  }

  private byte[] readChunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
      all.writeBytes(chunk);
    }
    return all.toByteArray();
  }

  private byte[] readChunk() throws IOException {
    byte[] chunk = readBytes(Integer.parseInt(readLine(), 16));
    readLine();
    return chunk;
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    int buffered = Math.min(count, end - at);
    System.arraycopy(buffer, at, bytes, 0, buffered);
    at += buffered;
    if (in.readNBytes(bytes, buffered, count - buffered) < count - buffered) {
      throw new EOFException("the server closed the connection within a response");
    }
    return bytes;
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = readByte(); b != '\n'; b = readByte()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private int readByte() throws IOException {
    if (at == end) {
      end = in.read(buffer);
      at = 0;
      if (end <= 0) {
        end = 0;
        throw new EOFException("the server closed the connection");
      }
    }
    return buffer[at++];
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
