package dev.docket.service;

import dev.docket.http.Problem;
import dev.docket.store.Unstorable;
import dev.docket.store.Version;
import dev.docket.store.Versioned;
import dev.docket.store.WriteOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes records by compare-and-set, and makes each write effective on this server. */
final class ServiceWrites {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceWrites.class);
  private static final int MAX_CONFLICTS = 20;

  private final ServiceStore store;
  private final ServiceRegistry registry;
  private final ServiceListener listener;

  ServiceWrites(ServiceStore store, ServiceRegistry registry, ServiceListener listener) {
    this.store = store;
    this.registry = registry;
    this.listener = listener;
  }

  CompletionStage<Optional<Versioned<StoredService>>> read(ServiceSlug slug) {
    return store.find(slug);
  }

  /**
   * Writes what the function returns for the current record; decides again after a conflict.
   *
   * @param change returns the next record, the same one for no change, or empty to remove it; the
   *     stage fails with what it throws
   * @return the record afterwards
   */
  CompletionStage<Optional<StoredService>> write(
      ServiceSlug slug, Function<Optional<StoredService>, Optional<StoredService>> change) {
    return write(slug, change, 0);
  }

  private CompletionStage<Optional<StoredService>> write(
      ServiceSlug slug,
      Function<Optional<StoredService>, Optional<StoredService>> change,
      int conflicts) {
    return store
        .find(slug)
        .thenCompose(
            found -> {
              Optional<StoredService> current = found.map(Versioned::value);
              Optional<StoredService> next = change.apply(current);
              if (next.equals(current)) {
                return CompletableFuture.completedStage(current);
              }
              return write(slug, found.map(Versioned::version), next)
                  .thenCompose(
                      outcome ->
                          outcome.match(
                              version -> effective(slug, next, version),
                              conflict -> again(slug, change, conflicts),
                              reason ->
                                  CompletableFuture.failedStage(
                                      new Unstorable("service", reason))));
            });
  }

  private CompletionStage<WriteOutcome> write(
      ServiceSlug slug, Optional<Version> seen, Optional<StoredService> next) {
    if (seen.isEmpty()) {
      return store.create(next.orElseThrow());
    }
    return next.isPresent()
        ? store.replace(next.orElseThrow(), seen.orElseThrow())
        : store.remove(slug, seen.orElseThrow());
  }

  private CompletionStage<Optional<StoredService>> again(
      ServiceSlug slug,
      Function<Optional<StoredService>, Optional<StoredService>> change,
      int conflicts) {
    return conflicts < MAX_CONFLICTS
        ? write(slug, change, conflicts + 1)
        : CompletableFuture.failedStage(
            new Problem(
                Problem.Kind.UNAVAILABLE,
                "service " + slug + " is changed by many requests at this time; try again"));
  }

  /** Applies a stored change here, and makes it visible to the reads of the other servers. */
  private CompletionStage<Optional<StoredService>> effective(
      ServiceSlug slug, Optional<StoredService> next, Version version) {
    next.ifPresentOrElse(
        record -> registry.apply(record, version), () -> registry.applyRemoval(slug, version));
    return store
        .refreshed()
        .handle(
            (ignored, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "The index of services was not refreshed ({}); Elasticsearch does it within a"
                        + " second",
                    failure.getMessage());
              }
              return next.flatMap(registry::merge);
            })
        .thenCompose(
            changed ->
                changed.isPresent()
                    ? listener.changed(changed.orElseThrow())
                    : CompletableFuture.completedStage(null))
        .thenApply(ignored -> next);
  }
}
