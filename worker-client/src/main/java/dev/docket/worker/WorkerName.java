package dev.docket.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/** What a worker is called if nobody says. */
final class WorkerName {

  private static final int MAX_LENGTH = 256;
  private static final String HOST = findHost();

  private WorkerName() {}

  static String host() {
    return HOST;
  }

  /** Host, process and a random part, so that no two are alike. */
  static String made() {
    String random = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x10000, 0x1000000));
    return HOST + "-" + ProcessHandle.current().pid() + "-" + random;
  }

  static String checked(String name) {
    if (name.isBlank() || name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "name: must have 1 to " + MAX_LENGTH + " characters, has " + name.length());
    }
    return name;
  }

  private static String findHost() {
    String named = System.getenv("HOSTNAME");
    if (named != null && !named.isBlank()) {
      return cut(named);
    }
    try {
      return cut(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  private static String cut(String host) {
    return host.substring(0, Math.min(200, host.length()));
  }
}
