package dev.docket.dialect.dane.importing;

import java.util.Locale;

/** The types of records in DANE's index, by the name of their role in the join field. */
enum RecordType {
  DOCUMENT,
  TASK,
  RESULT;

  String role() {
    return name().toLowerCase(Locale.ROOT);
  }

  String plural() {
    return role() + "s";
  }
}
