package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who submits documents. */
public enum CreatorType {
  ORGANIZATION("Organization"),
  HUMAN("Human"),
  SOFTWARE("Software");

  private final String wire;

  CreatorType(String wire) {
    this.wire = wire;
  }

  /** As it is written in JSON and in DANE. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
