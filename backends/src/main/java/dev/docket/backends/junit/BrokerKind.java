package dev.docket.backends.junit;

/** The kind of broker that a test class uses. */
enum BrokerKind {
  EMBEDDED,
  RABBIT
}
