package dev.docket.auth.key;

import dev.docket.auth.AccessRules;
import dev.docket.auth.Authentication;
import dev.docket.auth.Caller;
import dev.docket.auth.CredentialSource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The API keys of the configuration, which do not change while the server runs. */
public final class ConfiguredKeys implements CredentialSource {

  private final List<ApiKey> keys;
  private final Map<String, Entry> byHash;
  private final Clock clock;

  private record Entry(ApiKey key, Caller caller) {}

  /**
   * @throws IllegalStateException if two keys have the same hash
   */
  public ConfiguredKeys(List<ApiKey> keys, AccessRules rules, Clock clock) {
    this.keys = List.copyOf(keys);
    this.byHash =
        keys.stream()
            .collect(
                Collectors.toMap(
                    ApiKey::sha256,
                    key ->
                        new Entry(
                            key,
                            rules.caller(key.name(), key.group(), key.roles(), key.taskKeys()))));
    this.clock = clock;
  }

  /** The keys, in the order of the configuration. */
  List<ApiKey> list() {
    return keys;
  }

  @Override
  public boolean requiresCredentials() {
    return !keys.isEmpty();
  }

  @Override
  public Optional<Authentication> authenticate(String credential) {
    // The time of the lookup can reveal at most a prefix of a hash, and a caller cannot choose the
    // hash of a key.
    return Optional.ofNullable(byHash.get(ApiKey.hash(credential)))
        .map(
            entry ->
                entry.key().isExpired(clock.instant())
                    ? new Authentication.Rejected(UNKNOWN_KEY)
                    : new Authentication.Accepted(entry.caller()));
  }
}
