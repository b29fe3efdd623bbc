package dev.docket.dialect.dane.importing;

import java.io.Serial;

/** A record that Docket cannot hold. */
final class Unmappable extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final ImportFinding finding;

  Unmappable(ImportFinding finding) {
    super(finding.text());
    this.finding = finding;
  }

  ImportFinding finding() {
    return finding;
  }
}
