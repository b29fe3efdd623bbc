package dev.docket.worker;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The type of a document's target. */
public enum TargetType {
  DATASET("Dataset"),
  IMAGE("Image"),
  VIDEO("Video"),
  SOUND("Sound"),
  TEXT("Text");

  private final String wireName;

  TargetType(String wireName) {
    this.wireName = wireName;
  }

  /** The name in records, messages and queue names. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /** Parses a {@link #wireName()}; empty if it is unknown. */
  public static Optional<TargetType> fromWireName(String text) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(text)).findAny();
  }
}
