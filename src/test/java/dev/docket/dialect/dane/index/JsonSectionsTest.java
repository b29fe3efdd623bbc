package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.dialect.dane.index.JsonSections.Section;
import dev.docket.http.InvalidRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonSectionsTest {

  @TempDir private Path directory;

  private SpooledBody text(byte[] json) {
    return SpooledBody.read(new ByteArrayInputStream(json), 1 << 20, directory);
  }

  private JsonSections find(SpooledBody text) {
    return JsonSections.find(text, Set.of("/a"), Set.of("/a/x", "/a/y", "/z"));
  }

  private static String text(SpooledBody body, Section section) throws IOException {
    try (InputStream bytes = body.open(section.from(), section.to())) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "-1.50e+3",
        "0",
        "\"\"",
        "\"a, b \\\" } ]\\\\\"",
        "\"слово 語 \uD83D\uDCFC\"",
        "{}",
        "[ ]",
        "{\"a\": {\"x\": [1, {\"y\": null}]}}",
        "[\"\uD83D\uDCFC\", \"語\" , [ ] ]"
      })
  void findsValuesWhateverSurroundsThem(String value) throws IOException {
    for (String space : new String[] {"", " ", "\r\n\t  "}) {
      for (String filler : fillers()) {
        for (String order : new String[] {"xyz", "yxz", "zyx", "zxy"}) {
          assertThat(found(layout(order, value, space, filler)))
              .as("%s %s", order, value)
              .isEqualTo(Map.of("/a/x", value, "/a/y", "\"語\"", "/z", value));
        }
      }
    }
  }

  /** Of several lengths, to move the values across the borders of buffers. */
  private static String[] fillers() {
    return new String[] {
      "",
      "語\uD83D\uDCFC,} ",
      "x".repeat(3_960),
      "語".repeat(2_660),
      "\uD83D\uDCFC".repeat(4_080),
      "\uD83D\uDCFC".repeat(70_000)
    };
  }

  private static String layout(String order, String value, String space, String filler) {
    String x = "%s\"x\"%s:%s%s%s".formatted(space, space, space, value, space);
    String y = "\"y\":\"語\"" + space;
    String a =
        "%s\"a\":%s{%s,\"語\":1,%s}%s"
            .formatted(
                space,
                space,
                order.indexOf('x') < order.indexOf('y') ? x : y,
                order.indexOf('x') < order.indexOf('y') ? y : x,
                space);
    String z = "%s\"z\"%s:%s%s%s".formatted(space, space, space, value, space);
    String name = filler.length() > 50_000 ? "" : filler;
    String fill = "\"" + name + "\":[\"" + filler + "\"]";
    return order.startsWith("z")
        ? "{%s,%s,%s}%s".formatted(z, fill, a, space)
        : "{%s,%s,%s}%s".formatted(fill, a, z, space);
  }

  private Map<String, String> found(String json) throws IOException {
    try (SpooledBody body = text(json.getBytes(StandardCharsets.UTF_8))) {
      Map<String, Section> sections = find(body).sections();
      assertThat(sections).containsOnlyKeys("/a/x", "/a/y", "/z");
      return Map.of(
          "/a/x", text(body, sections.get("/a/x")),
          "/a/y", text(body, sections.get("/a/y")),
          "/z", text(body, sections.get("/z")));
    }
  }

  @Test
  void readsEscapesInNamesButNoPathsInThem() throws IOException {
    String json = "{\"a/x\":1,\"\\u0061\":{\"\\u0078\":2,\"b\":{\"x\":3}},\"a~1x\":4,\"x\":5}";
    try (SpooledBody body = text(json.getBytes(StandardCharsets.UTF_8))) {
      Map<String, Section> sections = find(body).sections();
      assertThat(sections).containsOnlyKeys("/a/x");
      assertThat(text(body, sections.get("/a/x"))).isEqualTo("2");
    }
  }

  @Test
  void measuresDepth() {
    String json = "{\"a\":{\"x\":[[],[{\"k\":[0]}]],\"y\":7},\"z\":{}}";
    try (SpooledBody body = text(json.getBytes(StandardCharsets.UTF_8))) {
      JsonSections found = find(body);
      assertThat(found.hasObject("/a")).isTrue();
      assertThat(found.sections().get("/a/x").depth()).isEqualTo(4);
      assertThat(found.sections().get("/a/y").depth()).isZero();
      assertThat(found.sections().get("/z").depth()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "7",
        "[]",
        "{",
        "{\"a\":",
        "{\"a\":{\"x\":\"unfinished",
        "{\"a\":{\"x\":1}",
        "{\"a\":{\"x\":01}}",
        "{\"a\":{\"x\":NaN}}",
        "{\"a\":{\"x\":'1'}}",
        "{\"a\":{\"x\":1,}}",
        "{\"a\":{}} {}",
        "{\"a\":{}},",
        "{\"a\":{},\"a\":{}}",
        "{\"a\":{\"x\":1,\"\\u0078\":2}}",
        "{\"z\":\"a\tb\"}",
        "\uFEFF{\"a\":{"
      })
  void rejectsInvalidText(String json) {
    assertRejected(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void rejectsInvalidUtf8() {
    for (String bytes :
        new String[] {"\u00FF", "\u00C3", "\u00C0\u0080", "\u00ED\u00A0\u0080", "\u0080"}) {
      assertRejected(("{\"z\":\"" + bytes + "\"}").getBytes(StandardCharsets.ISO_8859_1));
    }
    assertRejected("{\"a\":{}}".getBytes(StandardCharsets.UTF_16));
  }

  @Test
  void rejectsManyOrLongNames() {
    StringBuilder many = new StringBuilder("{\"0\":0");
    for (int i = 1; i <= 100; i++) {
      many.append(",\"").append(i).append("\":0");
    }
    assertRejected(many.append('}').toString().getBytes(StandardCharsets.UTF_8));
    assertRejected(("{\"" + "x".repeat(60_000) + "\":0}").getBytes(StandardCharsets.UTF_8));
  }

  private void assertRejected(byte[] json) {
    try (SpooledBody body = text(json)) {
      assertThatThrownBy(() -> find(body))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("must");
    }
  }
}
