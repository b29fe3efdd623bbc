package dev.docket.http;

/** Builds JSON pointers (RFC 6901). */
public final class JsonPointers {

  private JsonPointers() {}

  /** The name of a field as a part of a pointer. */
  public static String part(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
