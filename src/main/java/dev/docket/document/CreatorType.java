package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonValue;

/** The type of a creator. */
public enum CreatorType {
  ORGANIZATION("Organization"),
  HUMAN("Human"),
  SOFTWARE("Software");

  private final String wire;

  CreatorType(String wire) {
    this.wire = wire;
  }

  /** The name in JSON and in DANE. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
