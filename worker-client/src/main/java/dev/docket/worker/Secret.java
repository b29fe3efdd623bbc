package dev.docket.worker;

/** Text that must not get into a log. */
record Secret(String value) {

  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
