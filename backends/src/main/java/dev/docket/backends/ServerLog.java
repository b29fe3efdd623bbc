package dev.docket.backends;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part of a log file that was written since the start of the server.
 *
 * @param start offset of that part, in bytes
 */
public record ServerLog(Path file, long start) {

  private static final int MAX_QUOTED_LINES = 60;
  private static final int MAX_BYTES = 1 << 18;

  static ServerLog from(Path file) throws IOException {
    return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** Quotes the last lines, without the frames of stack traces, for an error message. */
  public String quote() {
    List<String> lines = text().lines().filter(line -> !line.startsWith("\tat ")).toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - MAX_QUOTED_LINES))
        .map(line -> "  | " + line + "\n")
        .collect(Collectors.joining("", "The end of its log, " + file + ":\n", ""));
  }

  String text() {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(Math.max(start, channel.size() - MAX_BYTES));
      byte[] bytes = Channels.newInputStream(channel).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      return "(unreadable: " + e + ")";
    }
  }
}
