package dev.docket.service;

import dev.docket.http.idempotency.Fingerprint;

/** The entity tag of a service. */
final class ServiceTag {

  private ServiceTag() {}

  /**
   * The tag, which is the same on all servers: it identifies the revision of the description. The
   * health, which changes by itself, is no part of it.
   */
  static String of(Service service) {
    Service.History history = service.history();
    String revision =
        service.source()
            + "\0"
            + service.slug()
            + '\0'
            + (history == null ? service.spec() : history.createdAt() + "\0" + history.revision());
    return '"' + Fingerprint.sha256(revision).substring(0, 32) + '"';
  }
}
