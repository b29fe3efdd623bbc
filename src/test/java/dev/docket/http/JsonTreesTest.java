package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.server.HttpJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTreesTest {

  private final ObjectMapper mapper = HttpJson.mapper();

  private record Holder(JsonNode value) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e99999999999",
        "{\"a\":[1e99999999999]}",
        "{\"a\":-1.5E+2147483648000}",
        "[1e-99999999999]"
      })
  void reportsImpossibleExponentAsInvalidJson(String json) {
    assertThatThrownBy(() -> mapper.readTree(json)).isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> mapper.readTree(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining("exponent");
    assertThatThrownBy(() -> mapper.readValue("{\"value\":" + json + "}", Holder.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void keepsTheDigitsOfOtherNumbers() throws Exception {
    String json = "{\"a\":[1.50,1E+400,-1,null],\"b\":{}}";
    assertThat(mapper.readTree(json)).hasToString(json);
    assertThat(mapper.readTree("").isMissingNode()).isTrue();
    assertThat(mapper.readTree("null").isNull()).isTrue();
    assertThat(mapper.readValue("{\"value\":null}", Holder.class).value().isNull()).isTrue();
  }
}
