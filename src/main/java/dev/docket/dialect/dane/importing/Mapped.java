package dev.docket.dialect.dane.importing;

import java.util.Set;

/**
 * A value for Docket.
 *
 * @param changes how the value differs from the original
 */
record Mapped<T>(T value, Set<ImportFinding> changes) {

  Mapped {
    changes = Set.copyOf(changes);
  }
}
