package dev.docket.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.docket.concurrent.Stages;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer. Fetches them at the start and periodically, and when a token names
 * a key that is not known, but then at most every ten seconds. While the issuer is unreachable, the
 * keys that were fetched last remain in use for {@link #MAX_AGE}.
 */
final class FetchedKeys implements KeyLookup {

  /** How long the keys are used while the issuer is unreachable. */
  static final Duration MAX_AGE = Duration.ofHours(4);

  /** The shortest interval between two fetches. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);

  private static final int MAX_KEYS = 100;
  private static final int MIN_RSA_BITS = 2048;

  private final String issuer;
  private final TokenIssuer.KeySet source;
  private final Function<URI, CompletionStage<JWKSet>> client;
  private final LongSupplier nanos;

  /** Guarded by this, as are the other variables. */
  private @Nullable Keys keys;

  private @Nullable CompletableFuture<@Nullable Void> fetching;
  private @Nullable Long lastBegin;
  private boolean failed;

  private record Keys(JWKSet set, long fetchedAt) {}

  /**
   * Creates the keys, without fetching them.
   *
   * @param client fetches a key set without blocking
   * @param nanos a monotonic clock, as {@link System#nanoTime}
   */
  FetchedKeys(
      String issuer,
      TokenIssuer.KeySet source,
      Function<URI, CompletionStage<JWKSet>> client,
      LongSupplier nanos) {
    this.issuer = issuer;
    this.source = source;
    this.client = client;
    this.nanos = nanos;
  }

  /** Fetches the keys if that is due. Called every second; never blocks. */
  void tick() {
    synchronized (this) {
      Duration interval = keys == null || failed ? MIN_INTERVAL : source.refresh();
      if (fetching != null || isWithin(interval)) {
        return;
      }
    }
    fetch();
  }

  private synchronized boolean isWithin(Duration interval) {
    return lastBegin != null && nanos.getAsLong() - lastBegin < interval.toNanos();
  }

  @Override
  public Found find(JWSHeader header, boolean mayFetch) {
    Optional<JWKSet> known = known();
    List<JWSVerifier> candidates = known.map(set -> verifiers(set, header)).orElse(List.of());
    if (!candidates.isEmpty()) {
      return new Verifiers(candidates);
    }
    if (mayFetch) {
      Optional<CompletionStage<?>> fetch = fetchUnknown();
      if (fetch.isPresent()) {
        return new Fetching(fetch.orElseThrow());
      }
    }
    return known.isPresent() ? new Verifiers(List.of()) : new Missing();
  }

  private synchronized Optional<JWKSet> known() {
    return keys == null || nanos.getAsLong() - keys.fetchedAt() > MAX_AGE.toNanos()
        ? Optional.empty()
        : Optional.of(keys.set());
  }

  /** The fetch that is running or can begin now. */
  private Optional<CompletionStage<?>> fetchUnknown() {
    synchronized (this) {
      if (fetching != null) {
        return Optional.of(fetching);
      }
      if (isWithin(MIN_INTERVAL)) {
        return Optional.empty();
      }
    }
    return Optional.of(fetch());
  }

  private CompletionStage<?> fetch() {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    synchronized (this) {
      if (fetching != null) {
        return fetching;
      }
      fetching = done;
      lastBegin = nanos.getAsLong();
    }
    // A client that throws fails the stage, too.
    CompletableFuture.completedStage(source.uri())
        .thenCompose(client)
        .thenAccept(this::onFetched)
        .whenComplete(
            (ignored, failure) -> {
              if (failure != null) {
                onFailure(Stages.cause(failure));
              }
              done.complete(null);
            });
    return done;
  }

  private synchronized void onFetched(JWKSet set) {
    JWKSet usable = usable(set);
    if (keys == null || failed) {
      LOG.info("Fetched the keys of token issuer {} from {}", issuer, source.uri());
    }
    keys = new Keys(usable, nanos.getAsLong());
    failed = false;
    fetching = null;
  }

  private synchronized void onFailure(Throwable failure) {
    fetching = null;
    if (failed) {
      LOG.debug("The keys of token issuer {} still cannot be fetched", issuer, failure);
      return;
    }
    failed = true;
    LOG.warn(
        "The keys of token issuer {} cannot be fetched from {} ({}); {}; retrying every {} s",
        issuer,
        source.uri(),
        failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage(),
        keys == null
            ? "its tokens get 503 until they are fetched"
            : "the keys that were fetched before remain in use for " + MAX_AGE.toHours() + " hours",
        MIN_INTERVAL.toSeconds());
  }

  private static JWKSet usable(JWKSet set) {
    return new JWKSet(
        set.getKeys().stream()
            .filter(key -> key instanceof ECKey || key instanceof RSAKey)
            .filter(key -> !(key instanceof RSAKey) || key.size() >= MIN_RSA_BITS)
            .limit(MAX_KEYS)
            .toList());
  }

  private static List<JWSVerifier> verifiers(JWKSet set, JWSHeader header) {
    List<JWSVerifier> verifiers = new ArrayList<>();
    for (JWK key : new JWKSelector(JWKMatcher.forJWSHeader(header)).select(set)) {
      try {
        JWSVerifier verifier =
            key instanceof RSAKey rsa
                ? new RSASSAVerifier(rsa.toRSAPublicKey())
                : new ECDSAVerifier(key.toECKey());
        if (verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())) {
          verifiers.add(verifier);
        }
      } catch (JOSEException e) {
        LOG.debug("A key of the set cannot be used", e);
      }
    }
    return verifiers;
  }
}
