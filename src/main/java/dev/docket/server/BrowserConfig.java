package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of browsers are accepted; see {@code config.yml}.
 *
 * @param hosts host names by which the server can be reached without API keys, besides loopback
 *     names
 * @param origins origins of other sites whose pages may send requests
 */
public record BrowserConfig(
    @NotNull
        List<
                @Pattern(
                    regexp = "[A-Za-z0-9.-]{1,253}",
                    message = "must be a host name without a port")
                String>
            hosts,
    @NotNull
        List<
                @Pattern(
                    regexp = "https?://[A-Za-z0-9.-]{1,253}(:\\d{1,5})?",
                    message = "must have the form https://host or https://host:port")
                String>
            origins) {

  /** Applies defaults to omitted settings. */
  @JsonCreator
  static BrowserConfig of(@Nullable List<String> hosts, @Nullable List<String> origins) {
    return new BrowserConfig(
        hosts == null ? List.of() : hosts, origins == null ? List.of() : origins);
  }

  static BrowserConfig defaults() {
    return of(null, null);
  }
}
