package dev.docket.backends.junit;

/** Which broker a test class uses. */
enum BrokerKind {
  EMBEDDED,
  RABBIT
}
