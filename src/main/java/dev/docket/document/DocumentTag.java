package dev.docket.document;

import dev.docket.http.idempotency.Fingerprint;

/** The entity tag of a document. */
final class DocumentTag {

  private DocumentTag() {}

  /**
   * The tag, which is the same on all servers. The content of a document never changes after its
   * registration, so the tag identifies the registration.
   */
  static String of(Document document) {
    String registration =
        document.id() + "\0" + document.creationToken() + '\0' + document.updatedAt();
    return '"' + Fingerprint.sha256(registration).substring(0, 32) + '"';
  }
}
