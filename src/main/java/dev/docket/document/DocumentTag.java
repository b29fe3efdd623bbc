package dev.docket.document;

import dev.docket.http.idempotency.Fingerprint;

/** The entity tag of a document. */
final class DocumentTag {

  private DocumentTag() {}

  /**
   * The tag, which is the same on all servers: it identifies the registration and the version. A
   * document that never changed has the tag that earlier releases gave it.
   */
  static String of(Document document) {
    String registration =
        document.id() + "\0" + document.creationToken() + '\0' + document.updatedAt();
    if (document.version() > Document.FIRST_VERSION) {
      registration += "\0" + document.version();
    }
    return '"' + Fingerprint.sha256(registration).substring(0, 32) + '"';
  }
}
