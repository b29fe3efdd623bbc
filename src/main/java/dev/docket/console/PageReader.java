package dev.docket.console;

import dev.docket.manual.Person;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The person who reads a page.
 *
 * @param person null if the server requires no credentials and the person has given no name yet
 * @param authenticated whether the name is that of the person's API key or token
 */
public record PageReader(@Nullable Person person, boolean authenticated) {

  /** The cookie with the name that a person has given. It proves nothing. */
  static final String COOKIE = "docket_person";

  /** The value of the cookie for a name. */
  static String cookie(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  /** The name in a cookie; empty if the cookie is missing or invalid. */
  static Optional<String> name(@Nullable String cookie) {
    if (cookie == null) {
      return Optional.empty();
    }
    try {
      String name = new String(Base64.getUrlDecoder().decode(cookie), StandardCharsets.UTF_8);
      return name.length() > Person.MAX_LENGTH ? Optional.empty() : Optional.of(name);
    } catch (IllegalArgumentException invalid) {
      return Optional.empty();
    }
  }

  /** The name of the person; empty if it is unknown. */
  public String name() {
    return person == null ? "" : person.name();
  }

  public boolean known() {
    return person != null;
  }
}
