package dev.docket.worker;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What kind of thing a document is about. */
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

  /** As it is written in records, messages and queue names. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /** Reads {@link #wireName()}; empty where it is none. */
  public static Optional<TargetType> fromWireName(String text) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(text)).findAny();
  }
}
