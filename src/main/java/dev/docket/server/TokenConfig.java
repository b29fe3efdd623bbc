package dev.docket.server;

import com.nimbusds.jose.JWSAlgorithm;
import dev.docket.auth.token.TokenIssuer;
import dev.docket.logging.ConfiguredSecrets;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens; see {@code config.yml}. */
@SelfValidating
public final class TokenConfig {

  private static final java.util.regex.Pattern LOOPBACK =
      java.util.regex.Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private static final String URL_RULE =
      "jwksUrl must have the form https://host/path (http only on this machine)";

  @Setting @NotEmpty private String issuer = "";

  @Setting @NotEmpty private String audience = "";

  @Setting @NotEmpty private Set<String> algorithms = Set.of();

  @Setting private Secret secret = new Secret("");

  @Setting private String jwksUrl = "";

  @Setting
  @MinDuration(value = 10, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 1, unit = TimeUnit.HOURS)
  private Duration jwksRefresh = Duration.minutes(5);

  @Setting
  @MinDuration(value = 0, unit = TimeUnit.SECONDS)
  @MaxDuration(value = 5, unit = TimeUnit.MINUTES)
  private Duration leeway = Duration.seconds(10);

  @Setting @NotEmpty private String nameClaim = "sub";

  @Setting private @Nullable String rolesClaim;

  @Setting
  private Map<
          String,
          @Pattern(
              regexp = "archivist|worker|analyst|admin",
              message = "must be one of archivist, worker, analyst, admin")
          String>
      roleMap = new LinkedHashMap<>();

  @Setting
  private Set<
          @Pattern(
              regexp = "archivist|worker|analyst|admin",
              message = "must be one of archivist, worker, analyst, admin")
          String>
      defaultRoles = Set.of();

  @Setting private @Nullable String groupClaim;

  String issuer() {
    return issuer;
  }

  /** Rejects keys, algorithms and roles that do not fit together. */
  @SelfValidation
  public void checkKeysAndRoles(ViolationCollector violations) {
    if (secret.value().isEmpty() == jwksUrl.isEmpty()) {
      violations.addViolation("secret", "or jwksUrl is required, and not both");
      return;
    }
    if ((rolesClaim == null) != roleMap.isEmpty()) {
      violations.addViolation("rolesClaim", "and roleMap are required together");
    } else if (rolesClaim == null && defaultRoles.isEmpty()) {
      violations.addViolation("defaultRoles", "is required without rolesClaim");
    }
    try {
      tokenIssuer();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int space = message.indexOf(' ');
      violations.addViolation(message.substring(0, space), message.substring(space + 1));
    }
  }

  /**
   * The settings of the issuer.
   *
   * @throws IllegalArgumentException if they do not fit together; the message begins with the
   *     setting and does not contain the secret
   */
  TokenIssuer tokenIssuer() {
    return new TokenIssuer(
        issuer,
        audience,
        algorithms.stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet()),
        secret.value().isEmpty()
            ? new TokenIssuer.KeySet(keySetUri(), jwksRefresh.toJavaDuration())
            : new TokenIssuer.SharedSecret(secret.value()),
        leeway.toJavaDuration(),
        new TokenIssuer.Claims(nameClaim, rolesClaim, roleMap, defaultRoles, groupClaim));
  }

  private URI keySetUri() {
    URI uri;
    try {
      uri = new URI(jwksUrl);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(URL_RULE, e);
    }
    String host = uri.getHost();
    boolean isHttps = "https".equals(uri.getScheme());
    boolean isLocal =
        "http".equals(uri.getScheme()) && host != null && LOOPBACK.matcher(host).matches();
    if (host == null || uri.getRawUserInfo() != null || !(isHttps || isLocal)) {
      throw new IllegalArgumentException(URL_RULE);
    }
    return uri;
  }

  void addTo(ConfiguredSecrets secrets) {
    secrets.add(secret.value());
  }
}
