package dev.docket.http.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FingerprintTest {

  @Test
  void dependsOnContentButNotOnOrderOfKeys() {
    Map<String, Object> first = new LinkedHashMap<>();
    first.put("a", 1);
    first.put("b", Map.of("x", true));
    Map<String, Object> second = new LinkedHashMap<>();
    second.put("b", Map.of("x", true));
    second.put("a", 1L);
    String fingerprint = Fingerprint.of(first);

    assertThat(fingerprint).matches("[0-9a-f]{64}").isEqualTo(Fingerprint.of(second));
    assertThat(Fingerprint.of(Map.of("a", 2))).isNotEqualTo(fingerprint);
  }
}
