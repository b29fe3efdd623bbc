package dev.docket.auth.http;

/** The forms in which a request can carry a key or a token in its {@code Authorization} header. */
public enum CredentialForm {
  /** As a bearer token (RFC 6750). */
  BEARER,

  /** As the password of basic authentication (RFC 7617), with any user name. */
  BASIC,

  /** As the whole header, without a scheme. */
  RAW
}
