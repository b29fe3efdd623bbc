package dev.docket.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.access.common.spi.IAccessEvent;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SanitizedRequestLogTest {

  private static final LogText TEXT = new LogText(List.of());

  private static IAccessEvent event(Object value) {
    IAccessEvent raw =
        (IAccessEvent)
            Proxy.newProxyInstance(
                IAccessEvent.class.getClassLoader(),
                new Class<?>[] {IAccessEvent.class},
                (proxy, method, arguments) -> value);
    return SanitizedRequestLog.sanitized(raw, TEXT);
  }

  @Test
  void sanitizesTextsListsAndHeaders() {
    assertThat(event("GET /?access_token=hush\u009b").getRequestURL())
        .isEqualTo("GET /?access_token=[REDACTED]");
    assertThat(event("a\u001b").getRequestHeader("User-Agent")).isEqualTo("a\\u001b");
    assertThat(event(new String[] {"a\n"}).getRequestParameter("q")).containsExactly("a\\n");
    assertThat(event(Map.of("Authorization", "Bearer Abc123Def")).getRequestHeaderMap())
        .containsEntry("Authorization", "Bearer [REDACTED]");
  }

  @Test
  void leavesNumbersAndAbsentTexts() {
    assertThat(event(200).getStatusCode()).isEqualTo(200);
    assertThat(event(null).getRemoteUser()).isNull();
  }
}
