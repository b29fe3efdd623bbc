package dev.docket.server;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** A port of a dialect's own. */
public abstract class PortConfig {

  @Setting private Boolean enabled = false;

  @Setting
  @Min(0)
  @Max(65_535)
  private Integer port;

  @Setting private String bindHost = "";

  PortConfig(int defaultPort) {
    port = defaultPort;
  }

  /** Whether the server opens the port. */
  public boolean enabled() {
    return enabled;
  }

  /** The TCP port; 0 selects a free one. */
  public int port() {
    return port;
  }

  /** The address; if empty, loopback without API keys and all addresses with them. */
  public String bindHost() {
    return bindHost;
  }

  /** Whether to accept connections on the socket that the process got as its standard input. */
  public boolean inheritSocket() {
    return false;
  }
}
