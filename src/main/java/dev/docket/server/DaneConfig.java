package dev.docket.server;

import com.fasterxml.jackson.annotation.JsonCreator;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** What only those need whose workers were written for DANE; see {@code config.yml}. */
public record DaneConfig(@NotNull @Valid Store store) {

  /** With the defaults for what is left out. */
  @JsonCreator
  static DaneConfig of(@Nullable Store store) {
    return new DaneConfig(store == null ? Store.of(null, null, null) : store);
  }

  static DaneConfig defaults() {
    return of(null);
  }

  /**
   * Where the store is, as DANE's worker library sees it.
   *
   * @param port 0: any free one
   * @param bindHost empty: loopback without API keys, all addresses with them
   */
  public record Store(boolean enabled, @Min(0) @Max(65_535) int port, String bindHost) {

    /** With the defaults for what is left out. */
    @JsonCreator
    static Store of(@Nullable Boolean enabled, @Nullable Integer port, @Nullable String bindHost) {
      return new Store(
          enabled != null && enabled, port == null ? 5502 : port, bindHost == null ? "" : bindHost);
    }
  }
}
