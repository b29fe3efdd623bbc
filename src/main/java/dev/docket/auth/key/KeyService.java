package dev.docket.auth.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.auth.Caller;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.store.Unstorable;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates, lists and revokes managed keys. A change is effective on this server when the stage
 * completes, and on every other one within five seconds. Also lists the configured keys, which it
 * cannot change.
 */
public final class KeyService {

  /** The maximum number of keys on a page. */
  static final int MAX_PAGE = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(KeyService.class);

  /** The store accepts years of four digits only. */
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private final KeyStore store;
  private final ManagedKeys managed;
  private final ConfiguredKeys configured;
  private final KeyAudit audit;
  private final Clock clock;

  public KeyService(
      KeyStore store, ManagedKeys managed, ConfiguredKeys configured, KeyAudit audit, Clock clock) {
    this.audit = audit;
    this.store = store;
    this.managed = managed;
    this.configured = configured;
    this.clock = clock;
  }

  /**
   * A new key.
   *
   * @param text the key itself, which nothing can show again
   */
  public record Created(KeyView key, String text) {

    /** Omits the text. */
    @Override
    public String toString() {
      return "Created[" + key.id() + "]";
    }
  }

  /**
   * A page of keys.
   *
   * @param next where the next page begins; null on the last page
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(List<KeyView> keys, @Nullable String next) {}

  /**
   * Creates a key.
   *
   * @param by an administrator; if it is limited to task keys, the new key must be, too
   */
  public CompletionStage<Created> create(Caller by, RequestOrigin origin, NewManagedKey request) {
    Instant now = clock.instant();
    check(by, request, now);
    ManagedKey.Parts parts =
        new ManagedKey.Parts(
            UUID.randomUUID().toString().replace("-", "").substring(16), ApiKey.random());
    String salt = ApiKey.random();
    ManagedKey key =
        new ManagedKey(
            parts.id(),
            request.name(),
            salt,
            ManagedKey.hash(salt, parts.secret()),
            request.roles(),
            request.group(),
            request.taskKeys(),
            now,
            by.name(),
            request.expiresAt(),
            null,
            null);
    return audit
        .perform(
            new KeyAudit.Change(by, origin, "key.create", key.id(), null),
            () -> store.create(key).thenCompose(outcome -> created(key, outcome)))
        .thenApply(created -> new Created(KeyView.of(created, now), parts.text()));
  }

  private CompletionStage<ManagedKey> created(ManagedKey key, WriteOutcome outcome) {
    return outcome.match(
        version -> effective(key),
        conflict -> {
          throw new IllegalStateException("a random id is taken: " + key.id());
        },
        reason -> {
          throw new Unstorable("API key", reason);
        });
  }

  private void check(Caller by, NewManagedKey request, Instant now) {
    Instant expiresAt = request.expiresAt();
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw InvalidRequest.field("/expires_at", "must be in the future (was " + expiresAt + ")");
    }
    if (expiresAt != null && !expiresAt.isBefore(END)) {
      throw InvalidRequest.field("/expires_at", "must be before the year 10000");
    }
    if (request.name().equals(Caller.ANONYMOUS.name())) {
      throw InvalidRequest.field("/name", "must not be " + request.name());
    }
    checkLimit(by, request.taskKeys());
    if (managed.count() >= ManagedKeys.MAX_ACTIVE) {
      throw new Problem(
          Problem.Kind.CONFLICT,
          "there are %d active managed keys, which is the maximum; revoke those that are not used"
              .formatted(managed.count()));
    }
  }

  private static void checkLimit(Caller by, @Nullable Set<String> taskKeys) {
    Set<String> allowed = by.taskKeys();
    if (allowed != null && (taskKeys == null || !allowed.containsAll(taskKeys))) {
      throw new Problem(
          Problem.Kind.FORBIDDEN,
          "task_keys of the key must be some of those to which this caller is limited: "
              + String.join(", ", allowed.stream().sorted().toList()));
    }
  }

  /**
   * Revokes a key. Its record stays. Revoking it again changes nothing.
   *
   * @param by an administrator; if it is limited to task keys, the key must be, too
   */
  public CompletionStage<KeyView> revoke(Caller by, RequestOrigin origin, String id) {
    if (configured(id).isPresent()) {
      throw new Problem(
          Problem.Kind.CONFLICT,
          "the key is in the configuration of the servers; remove it from apiKeys there");
    }
    return required(id)
        .thenCompose(
            found -> {
              checkLimit(by, found.value().taskKeys());
              if (found.value().revokedAt() != null) {
                // An earlier request may have failed after its write.
                return effective(found.value());
              }
              ManagedKey revoked = found.value().revoked(clock.instant(), by.name());
              return audit.perform(
                  new KeyAudit.Change(by, origin, "key.revoke", id, found.value()),
                  () ->
                      store
                          .replace(revoked, found.version())
                          .thenCompose(outcome -> revoked(revoked, outcome)));
            })
        .thenApply(key -> KeyView.of(key, clock.instant()));
  }

  private CompletionStage<ManagedKey> revoked(ManagedKey revoked, WriteOutcome outcome) {
    return outcome.match(
        version -> effective(revoked),
        // Nothing but a revocation changes a key.
        conflict -> required(revoked.id()).thenCompose(other -> effective(other.value())),
        reason -> {
          throw new Unstorable("API key", reason);
        });
  }

  /** Reads a key. */
  public CompletionStage<KeyView> find(String id) {
    Instant now = clock.instant();
    return configured(id)
        .map(key -> CompletableFuture.completedStage(KeyView.of(key, now)))
        .orElseGet(() -> required(id).thenApply(found -> KeyView.of(found.value(), now)));
  }

  /**
   * A page of all keys: the configured ones, then the managed ones in the order of their ids.
   * Blocks.
   *
   * @param after {@link Page#next} of the previous page; null for the first page
   */
  public Page list(@Nullable String after, int limit) {
    Instant now = clock.instant();
    List<KeyView> page = new ArrayList<>();
    if (after == null) {
      configured.list().forEach(key -> page.add(KeyView.of(key, now)));
    }
    List<ManagedKey> found = store.list(after, limit);
    found.forEach(key -> page.add(KeyView.of(key, now)));
    return new Page(page, found.size() < limit ? null : found.get(found.size() - 1).id());
  }

  private Optional<ApiKey> configured(String id) {
    return configured.list().stream().filter(key -> key.id().equals(id)).findFirst();
  }

  private CompletionStage<Versioned<ManagedKey>> required(String id) {
    return id.matches(ManagedKey.ID)
        ? store.find(id).thenApply(found -> found.orElseThrow(() -> new KeyNotFound(id)))
        : CompletableFuture.failedStage(new KeyNotFound(id));
  }

  /** Makes a stored change visible to the searches of the other servers, and applies it here. */
  private CompletionStage<ManagedKey> effective(ManagedKey changed) {
    return store
        .refreshed()
        .handle(
            (ignored, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "The index of managed API keys was not refreshed ({}); Elasticsearch does it"
                        + " within a second",
                    failure.getMessage());
              }
              managed.apply(changed);
              return changed;
            });
  }
}
