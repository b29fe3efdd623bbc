package dev.docket.server;

import dev.docket.auth.AccessRules;
import dev.docket.auth.Scope;
import dev.docket.auth.token.TokenIssuer;
import dev.docket.logging.ConfiguredSecrets;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which credentials are accepted, and what their roles see and change; see {@code config.yml}. */
@SelfValidating
public final class AccessConfig {

  @Setting private Boolean required = false;

  @Setting private Boolean basic = true;

  @Setting @Valid
  private Map<
          @Pattern(
              regexp = "archivist|worker|analyst",
              message = "must be one of archivist, worker, analyst (admin sees and changes all)")
          String,
          @NotNull @Valid Rule>
      roles = new LinkedHashMap<>();

  @Setting @Valid private List<@NotNull @Valid TokenConfig> tokens = List.of();

  /** The records that a role sees and changes. */
  public static final class Rule {

    @Setting private Scope sees = Scope.ALL;

    /** Null stands for what the role sees. */
    @Setting private @Nullable Scope changes;

    private Scope changes() {
      return changes == null ? sees : changes;
    }

    AccessRules.Rule rule() {
      return new AccessRules.Rule(sees, changes());
    }
  }

  /** Rejects roles that change what they do not see. */
  @SelfValidation
  public void checkRoles(ViolationCollector violations) {
    roles.forEach(
        (role, rule) -> {
          if (rule != null && rule.changes().compareTo(rule.sees) > 0) {
            violations.addViolation(
                "roles." + role,
                "changes must not exceed sees (sees: %s, changes: %s)"
                    .formatted(name(rule.sees), name(rule.changes())));
          }
        });
  }

  private static String name(Scope scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }

  /** Rejects two issuers of the same name, because a token must belong to one. */
  @SelfValidation
  public void checkTokens(ViolationCollector violations) {
    Set<String> names = new HashSet<>();
    for (TokenConfig token : tokens) {
      if (token != null && !token.issuer().isEmpty() && !names.add(token.issuer())) {
        violations.addViolation(
            "tokens", "has two entries with the issuer %s".formatted(token.issuer()));
      }
    }
  }

  /** Whether requests need credentials even if no keys are configured. */
  boolean requiresCredentials() {
    return required || !tokens.isEmpty();
  }

  boolean hasRules() {
    return !roles.isEmpty();
  }

  /** Whether a key or a token can be the password of basic authentication. */
  boolean basic() {
    return basic;
  }

  AccessRules rules() {
    return new AccessRules(
        roles.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().rule())));
  }

  List<TokenIssuer> issuers() {
    return tokens.stream().map(TokenConfig::tokenIssuer).toList();
  }

  void addTo(ConfiguredSecrets secrets) {
    tokens.forEach(token -> token.addTo(secrets));
  }
}
