package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings for workers that were written for DANE; see {@code config.yml}. */
public record DaneConfig(@NotNull @Valid Store store) {

  /** Applies defaults to omitted settings. */
  @JsonCreator
  static DaneConfig of(@Nullable Store store) {
    return new DaneConfig(store == null ? Store.of(null, null, null, null, null) : store);
  }

  static DaneConfig defaults() {
    return of(null);
  }

  /**
   * The port for the Elasticsearch requests of DANE's worker library.
   *
   * @param port 0 selects a free port
   * @param bindHost if empty, loopback without API keys and all addresses with them
   * @param inheritSocket whether to accept connections on the socket that the process got as its
   *     standard input, instead of {@code port} and {@code bindHost}
   * @param index the name of the index that clients ask for
   */
  public record Store(
      boolean enabled,
      @Min(0) @Max(65_535) int port,
      String bindHost,
      boolean inheritSocket,
      @Pattern(regexp = "[a-z0-9][a-z0-9._-]{0,99}") String index) {

    /** Applies defaults to omitted settings. */
    @JsonCreator
    static Store of(
        @Nullable Boolean enabled,
        @Nullable Integer port,
        @Nullable String bindHost,
        @Nullable Boolean inheritSocket,
        @Nullable String index) {
      return new Store(
          enabled != null && enabled,
          port == null ? 5502 : port,
          bindHost == null ? "" : bindHost,
          inheritSocket != null && inheritSocket,
          index == null ? "dane-index" : index);
    }
  }
}
