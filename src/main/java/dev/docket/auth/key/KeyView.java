package dev.docket.auth.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key as administrators see it, without its secret or a hash of it.
 *
 * @param source {@code managed}, or {@code configured} if only the configuration can change it
 * @param state {@code active}, {@code expired} or {@code revoked}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeyView(
    String id,
    String source,
    String state,
    String name,
    List<String> roles,
    @Nullable String group,
    @Nullable List<String> taskKeys,
    @Nullable Instant createdAt,
    @Nullable String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable String revokedBy) {

  static KeyView of(ManagedKey key, Instant now) {
    return new KeyView(
        key.id(),
        "managed",
        key.revokedAt() != null ? "revoked" : key.isActive(now) ? "active" : "expired",
        key.name(),
        sorted(key.roles()),
        key.group(),
        key.taskKeys() == null ? null : sorted(key.taskKeys()),
        key.createdAt(),
        key.createdBy(),
        key.expiresAt(),
        key.revokedAt(),
        key.revokedBy());
  }

  static KeyView of(ApiKey key, Instant now) {
    return new KeyView(
        key.id(),
        "configured",
        key.isExpired(now) ? "expired" : "active",
        key.name(),
        sorted(key.roles()),
        key.group(),
        key.taskKeys() == null ? null : sorted(key.taskKeys()),
        null,
        null,
        key.expires(),
        null,
        null);
  }

  private static List<String> sorted(Set<String> texts) {
    return texts.stream().sorted().toList();
  }
}
