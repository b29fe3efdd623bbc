package dev.docket.worker;

/** A text that must not appear in logs. */
record Secret(String value) {

  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
