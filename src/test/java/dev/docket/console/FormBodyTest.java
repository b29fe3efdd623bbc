package dev.docket.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.http.InvalidRequest;
import dev.docket.http.PayloadTooLarge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FormBodyTest {

  private static FormBody read(String body) throws IOException {
    return FormBody.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void readsTextInAnyScript() throws IOException {
    FormBody form = read("a=%D7%A9%D7%9C%D7%95%D7%9D&b=%F0%9F%93%9C+x%0D%0Ay&%C3%A9=1");

    assertThat(form.text("a")).isEqualTo("שלום");
    assertThat(form.text("b")).isEqualTo("📜 x\ny");
    assertThat(form.text("é")).isEqualTo("1");
    assertThat(form.text("none")).isEmpty();
  }

  @Test
  void readsFieldsWithoutValue() throws IOException {
    FormBody form = read("a&b=&=c&&a=2&d=x=y");

    assertThat(form.fields()).containsOnlyKeys("a", "b", "", "d");
    assertThat(form.text("a")).isEmpty();
    assertThat(form.text("d")).isEqualTo("x=y");
    assertThat(read("").fields()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "a=%FF", "a=%C3", "a=%ED%A0%80", "a=%4&b=1"})
  void rejectsWhatIsNotUtf8(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void limitsSizeAndNumberOfFields() {
    assertThatThrownBy(() -> read("a=" + "x".repeat(FormBody.MAX_BYTES)))
        .isInstanceOf(PayloadTooLarge.class);
    assertThatThrownBy(() -> read("a&".repeat(FormBody.MAX_FIELDS + 1)))
        .isInstanceOf(PayloadTooLarge.class);
  }

  @Test
  void readsNumbers() throws IOException {
    FormBody form = read("a=12&b=-1&c=12345678901&d=x");

    assertThat(form.number("a")).isEqualTo(12);
    assertThat(form.number("b")).isNull();
    assertThat(form.number("c")).isNull();
    assertThat(form.number("d")).isNull();
  }
}
