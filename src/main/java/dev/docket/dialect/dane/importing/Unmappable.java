package dev.docket.dialect.dane.importing;

import dev.docket.dialect.dane.DaneParameters;
import java.io.Serial;
import java.util.function.Function;

/** A record that Docket cannot hold. */
final class Unmappable extends Exception {

  @Serial private static final long serialVersionUID = 1;

  private final ImportFinding finding;

  Unmappable(ImportFinding finding) {
    super(finding.text());
    this.finding = finding;
  }

  /** What a text stands for. */
  static <T> T parsed(String text, Function<String, T> reader, ImportFinding ifInvalid)
      throws Unmappable {
    return DaneParameters.parsed(text, reader).orElseThrow(() -> new Unmappable(ifInvalid));
  }

  ImportFinding finding() {
    return finding;
  }
}
