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
 * One HTTP/1.1 connection that is kept, for one thread: what it costs is little beside what it
 * measures, as both share the machine. (The JDK's client takes about as long for a request as the
 * server that answers it.)
 */
final class RawHttpConnection implements AutoCloseable {

  private static final byte[] NOTHING = new byte[0];
  private static final byte[] END = {'\r', '\n'};

  private final String host;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private String rest = "";
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

  /** What came back. */
  static final class Answer {
    private final int status;
    private final byte[] body;

    private Answer(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    byte[] body() {
      return body;
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** Itself, if the status is one of those. */
    Answer expect(int... allowed) {
      if (Arrays.stream(allowed).noneMatch(s -> s == status)) {
        throw new IllegalStateException(status + " " + text());
      }
      return this;
    }
  }

  Answer get(String path) throws IOException {
    return ask("GET", path, "application/json", NOTHING);
  }

  Answer delete(String path) throws IOException {
    return ask("DELETE", path, "application/json", NOTHING);
  }

  Answer post(String path, String json) throws IOException {
    return ask("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  Answer ask(String method, String path, String type, byte[] body) throws IOException {
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
    return answer();
  }

  /**
   * Sends lines as they are taken, in chunks, and reads the answer meanwhile.
   *
   * @return how often the answer has the text
   */
  long stream(String path, Iterable<byte[]> blocks, String counted) throws Exception {
    Thread writer = new Thread(() -> send(path, blocks), "sends lines");
    writer.start();
    expectOk();
    long found = 0;
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      // Chunks end anywhere; a text that two of them share is found as the rest is kept.
      rest = rest + new String(chunk, StandardCharsets.UTF_8);
      int last = 0;
      for (int at = rest.indexOf(counted); at >= 0; at = rest.indexOf(counted, last)) {
        found++;
        last = at + counted.length();
      }
      rest = rest.substring(Math.max(last, rest.length() - counted.length()));
    }
    writer.join();
    return found;
  }

  private void send(String path, Iterable<byte[]> blocks) {
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
        out.write(END);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void expectOk() throws IOException {
    String status = line();
    if (!status.contains(" 200")) {
      throw new IOException(status);
    }
    for (String header = line(); !header.isEmpty(); header = line()) {
      // None is of interest.
    }
  }

  private Answer answer() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
      chunked |= header.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26);
    }
    return new Answer(status, chunked ? chunks() : bytes(length));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      all.writeBytes(chunk);
    }
    return all.toByteArray();
  }

  private byte[] chunk() throws IOException {
    byte[] chunk = bytes(Integer.parseInt(line(), 16));
    line();
    return chunk;
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    int have = Math.min(count, end - at);
    System.arraycopy(buffer, at, bytes, 0, have);
    at += have;
    if (in.readNBytes(bytes, have, count - have) < count - have) {
      throw new EOFException("the answer breaks off");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = read(); b != '\n'; b = read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private int read() throws IOException {
    if (at == end) {
      end = in.read(buffer);
      at = 0;
      if (end <= 0) {
        end = 0;
        throw new EOFException("the connection was closed");
      }
    }
    return buffer[at++];
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
