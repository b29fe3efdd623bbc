package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;

/** Which requests of browsers are accepted; see {@code config.yml}. */
public final class BrowsersConfig {

  @JsonProperty("hosts")
  @NotNull
  private List<
          @Pattern(regexp = "[A-Za-z0-9.-]{1,253}", message = "must be a host name without a port")
          String>
      hosts = List.of();

  @JsonProperty("origins")
  @NotNull
  private List<
          @Pattern(
              regexp = "https?://[A-Za-z0-9.-]{1,253}(:\\d{1,5})?",
              message = "must have the form https://host or https://host:port")
          String>
      origins = List.of();

  /** Host names by which the server can be reached without API keys, besides loopback names. */
  public List<String> hosts() {
    return hosts;
  }

  /** Origins of other sites whose pages may send requests. */
  public List<String> origins() {
    return origins;
  }
}
