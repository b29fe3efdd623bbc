package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonValue;

/** What kind of thing a document is about; the first word of a task's routing key. */
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

  /** As it is written in JSON, in DANE and in routing keys. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
