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
 * The part of a log file that was written since the server was started.
 *
 * @param start where that part begins, in bytes
 */
public record ServerLog(Path file, long start) {

  private static final int QUOTED_LINES = 60;
  private static final int READ_LIMIT = 1 << 18;

  static ServerLog from(Path file) throws IOException {
    return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** The last lines but the frames of stack traces, as a sentence for an error message. */
  public String quote() {
    List<String> lines = text().lines().filter(line -> !line.startsWith("\tat ")).toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - QUOTED_LINES))
        .map(line -> "  | " + line + "\n")
        .collect(Collectors.joining("", "The end of its log, " + file + ":\n", ""));
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
