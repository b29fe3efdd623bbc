package dev.docket.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BrowserPolicyTest {

  private static final String JSON = "application/json";
  private static final String OWN = "127.0.0.1:5500";

  private final BrowserPolicy withoutKeys = policy(false);
  private final BrowserPolicy withKeys = policy(true);

  private static BrowserPolicy policy(boolean keysRequired) {
    return new BrowserPolicy(
        keysRequired, Set.of("Docket.Example"), Set.of("https://Tools.example"));
  }

  private static Optional<String> get(BrowserPolicy policy, String host) {
    return policy.rejection("GET", new BrowserPolicy.Source(host, null, null, null));
  }

  private static Optional<String> post(
      BrowserPolicy policy, @Nullable String origin, @Nullable String site, @Nullable String type) {
    return policy.rejection("POST", new BrowserPolicy.Source(OWN, origin, site, type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:5500",
        "docket.localhost:5500",
        "127.0.0.1",
        "127.8.8.8:80",
        "[::1]:5500",
        "docket.example",
        "DOCKET.example:443"
      })
  void acceptsOwnHostNamesWithoutKeys(String host) {
    assertThat(get(withoutKeys, host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:5500",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evillocalhost",
        "192.168.1.1",
        "127.0.0.1:80:80",
        "[::2]",
        "",
        "docket.example.evil"
      })
  void rejectsOtherHostNamesWithoutKeys(String host) {
    assertThat(get(withoutKeys, host)).hasValueSatisfying(m -> assertThat(m).contains(host));
    assertThat(get(withKeys, host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null", "http://evil.example:5500", "file://"})
  void rejectsPagesOfOtherOrigins(String origin) {
    assertThat(post(withoutKeys, origin, null, JSON)).isPresent();
    assertThat(post(withKeys, origin, null, JSON)).isPresent();
  }

  @Test
  void acceptsReadsOfOtherOriginsOnlyWithKeys() {
    BrowserPolicy.Source other = new BrowserPolicy.Source(OWN, "https://evil.example", null, null);

    assertThat(withKeys.rejection("GET", other)).isEmpty();
    assertThat(withoutKeys.rejection("GET", other)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:5500, same-origin",
    "http://127.0.0.1:5500,",
    "https://tools.example, cross-site",
    "HTTPS://TOOLS.example,",
    ", same-origin",
    ","
  })
  void acceptsJsonOfOwnAndConfiguredOrigins(@Nullable String origin, @Nullable String site) {
    assertThat(post(withoutKeys, origin, site, JSON)).isEmpty();
    assertThat(post(withKeys, origin, site, JSON)).isEmpty();
  }

  @Test
  void rejectsCrossSiteWritesWithoutOrigin() {
    assertThat(post(withKeys, null, "cross-site", JSON)).isPresent();
    assertThat(post(withoutKeys, null, "cross-site", JSON)).isPresent();
  }

  @Test
  void acceptsJsonOfAnotherLoopbackPageOnlyWithoutKeys() {
    assertThat(post(withoutKeys, "http://localhost:3000", "same-site", JSON)).isEmpty();
    assertThat(post(withKeys, "http://localhost:3000", "same-site", JSON)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "TEXT/plain;charset=utf-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain , application/json"
      })
  void rejectsFormsAndTextOfPagesUnlessSameOrigin(String type) {
    assertThat(post(withoutKeys, "http://localhost:3000", null, type)).isPresent();
    assertThat(post(withoutKeys, null, "same-site", type)).isPresent();
    assertThat(post(withoutKeys, null, "none", type)).isPresent();
    assertThat(post(withKeys, "https://tools.example", "cross-site", type)).isPresent();
    assertThat(post(withKeys, "http://127.0.0.1:5500", "same-origin", type)).isEmpty();
    assertThat(post(withKeys, "http://127.0.0.1:5500", null, type)).isEmpty();
  }

  @Test
  void rejectsBodiesWithoutContentTypeOfPagesUnlessSameOrigin() {
    assertThat(post(withoutKeys, "http://localhost:3000", "same-site", null)).isPresent();
    assertThat(post(withoutKeys, null, null, null)).isEmpty();
  }

  @Test
  void acceptsTextOfClientsThatAreNoBrowsers() {
    assertThat(post(withoutKeys, null, null, "text/plain")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://docket.example, docket.example",
    "https://docket.example:443, docket.example",
    "https://docket.example, docket.example:443",
    "http://docket.example:80, docket.example",
    "https://Docket.example:8443, docket.Example:8443"
  })
  void comparesOriginsWithoutDefaultPort(String origin, String host) {
    BrowserPolicy.Source own = new BrowserPolicy.Source(host, origin, null, JSON);

    assertThat(withKeys.rejection("POST", own)).isEmpty();
  }
}
