package dev.docket.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A poll over a plain socket, which shows what the server sends while the poll waits. */
final class RawPoll implements AutoCloseable {

  private final Socket socket;
  private final InputStream input;
  private final String head;

  /**
   * Sends a poll and reads the head of the response.
   *
   * @param version {@code HTTP/1.1} or {@code HTTP/1.0}
   * @param headers further header lines, each with its line break
   */
  RawPoll(URI server, String version, String headers, String body) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            ("POST /worker/poll "
                    + version
                    + "\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\n"
                    + headers
                    + "\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
    input = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    while (!read.toString().endsWith("\r\n\r\n")) {
      read.append((char) readByte());
    }
    head = read.toString();
  }

  private int readByte() throws IOException {
    int next = input.read();
    if (next < 0) {
      throw new IOException("the server closed the connection");
    }
    return next;
  }

  /** The status line and the headers. */
  String head() {
    return head;
  }

  /** Waits until the server has sent this many further spaces. */
  void awaitSpaces(int count) throws IOException {
    for (int seen = 0; seen < count; ) {
      if (readByte() == ' ') {
        seen++;
      }
    }
  }

  /** Reads until the server closes the connection. */
  String readToEnd() throws IOException {
    return new String(input.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Disconnects. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
