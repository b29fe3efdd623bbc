package dev.docket.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a program has used since its start.
 *
 * @param cpuSeconds the processor time
 * @param diskBytes the bytes that it wrote to disk, or will write from the page cache; 0 on a file
 *     system in memory
 */
record ProcessUsage(double cpuSeconds, long diskBytes) {

  /** The usage of a program that consists of these processes. */
  static ProcessUsage of(List<ProcessHandle> processes) {
    double cpuSeconds =
        processes.stream()
            .flatMap(process -> process.info().totalCpuDuration().stream())
            .mapToDouble(time -> time.toNanos() / 1e9)
            .sum();
    return new ProcessUsage(
        cpuSeconds, processes.stream().mapToLong(ProcessUsage::diskBytes).sum());
  }

  private static long diskBytes(ProcessHandle process) {
    try {
      return diskBytes(Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")));
    } catch (IOException e) {
      if (!process.isAlive()) {
        return 0;
      }
      throw new UncheckedIOException("the written bytes of a process cannot be read", e);
    }
  }

  /** Bytes that were deleted before they reached the disk do not count. */
  static long diskBytes(List<String> lines) {
    return value(lines, "write_bytes") - value(lines, "cancelled_write_bytes");
  }

  private static long value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).strip()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("/proc/PID/io has no " + name));
  }

  ProcessUsage since(ProcessUsage earlier) {
    return new ProcessUsage(cpuSeconds - earlier.cpuSeconds, diskBytes - earlier.diskBytes);
  }

  String cpuMillisPerTask(int tasks) {
    return String.format(Locale.ROOT, "%.2f", cpuSeconds * 1e3 / tasks);
  }

  String diskKilobytesPerTask(int tasks) {
    return String.format(Locale.ROOT, "%.2f", diskBytes / 1e3 / tasks);
  }
}
