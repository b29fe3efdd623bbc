package dev.docket.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/** Generates and validates names of workers. */
final class WorkerName {

  private static final int MAX_LENGTH = 256;
  private static final String HOST = findHost();

  private WorkerName() {}

  static String host() {
    return HOST;
  }

  /** A unique name: host name, process id and a random part. */
  static String generate() {
    String random = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x10000, 0x1000000));
    return HOST + "-" + ProcessHandle.current().pid() + "-" + random;
  }

  static String validated(String name) {
    if (name.isBlank() || name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "name must not be blank and must have at most "
              + MAX_LENGTH
              + " characters (has "
              + name.length()
              + ")");
    }
    return name;
  }

  private static String findHost() {
    String hostname = System.getenv("HOSTNAME");
    if (hostname != null && !hostname.isBlank()) {
      return truncate(hostname);
    }
    try {
      return truncate(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String truncate(String host) {
    return host.substring(0, Math.min(200, host.length()));
  }
}
