package dev.docket.backends;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a log file that was written since the server was started. */
record ServerLog(Path file, long start) {

  private static final int QUOTED_LINES = 60;
  private static final int READ_LIMIT = 1 << 18;

  static ServerLog from(Path file) throws IOException {
    return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** The last lines, as a sentence for an error message. */
  String quote() {
    String[] lines = text().split("\n", -1);
    int from = Math.max(0, lines.length - QUOTED_LINES);
    StringBuilder quote = new StringBuilder("The end of its log, ").append(file).append(":\n");
    for (int i = from; i < lines.length; i++) {
      quote.append("  | ").append(lines[i]).append('\n');
    }
    return quote.toString();
  }

  boolean contains(String words) {
    return text().contains(words);
  }

  String text() {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(Math.max(start, channel.size() - READ_LIMIT));
      byte[] bytes = Channels.newInputStream(channel).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }
}
