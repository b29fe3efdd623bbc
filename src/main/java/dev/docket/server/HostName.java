package dev.docket.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this runs on, for people. */
final class HostName {

  private HostName() {}

  static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "a host without a name";
    }
  }
}
