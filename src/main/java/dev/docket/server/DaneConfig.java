package dev.docket.server;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings for clients and workers that were written for DANE; see {@code config.yml}. */
public final class DaneConfig {

  @Setting @NotNull @Valid private Port port = new Port();

  @Setting
  @NotNull
  @Pattern(
      regexp = "(?:https?://[A-Za-z0-9.-]{1,253}(?::\\d{1,5})?(?:/[A-Za-z0-9._~-]+)*/?)?",
      message = "must have the form https://host/path")
  private String publicUrl = "";

  @Setting @NotNull @Valid private Store store = new Store();

  /**
   * The port of DANE's HTTP API, besides the paths below {@code /DANE/} of the application port.
   */
  public Port port() {
    return port;
  }

  /** Where clients reach DANE's HTTP API, with a slash at the end; null if not configured. */
  public @Nullable URI publicAddress() {
    return publicUrl.isEmpty() ? null : URI.create(publicUrl.replaceFirst("/?$", "/"));
  }

  /** The port for the Elasticsearch requests of DANE's worker library. */
  public Store store() {
    return store;
  }

  /** The ports by the names of their settings. */
  Map<String, PortConfig> ports() {
    return Map.of("dane.port", port, "dane.store", store);
  }

  /** See {@link DaneConfig#port()}. */
  public static final class Port extends PortConfig {
    Port() {
      super(5506);
    }
  }

  /** See {@link DaneConfig#store()}. */
  public static final class Store extends PortConfig {

    @Setting private Boolean inheritSocket = false;

    @Setting
    @NotNull
    @Pattern(regexp = "[a-z0-9][a-z0-9._-]{0,99}")
    private String index = "dane-index";

    Store() {
      super(5502);
    }

    @Override
    public boolean inheritSocket() {
      return inheritSocket;
    }

    /** The name of the index that clients ask for. */
    public String index() {
      return index;
    }
  }
}
