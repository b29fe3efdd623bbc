package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonValue;

/** The type of a document's target; the first part of a task's routing key. */
public enum TargetType {
  DATASET("Dataset"),
  IMAGE("Image"),
  VIDEO("Video"),
  SOUND("Sound"),
  TEXT("Text");

  private final String wire;

  TargetType(String wire) {
    this.wire = wire;
  }

  /** The name in JSON, in DANE and in routing keys. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
