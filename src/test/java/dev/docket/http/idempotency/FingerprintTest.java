package dev.docket.http.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FingerprintTest {

  @Test
  void itIsOfTheContentAndNotOfItsOrder() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", Map.of("x", true));
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", Map.of("x", true));
    other.put("a", 1L);
    String print = Fingerprint.of(one);

    assertThat(print).matches("[0-9a-f]{64}").isEqualTo(Fingerprint.of(other));
    assertThat(Fingerprint.of(Map.of("a", 2))).isNotEqualTo(print);
  }
}
