package dev.docket.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this host, for display. */
final class HostName {

  private HostName() {}

  static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }
}
