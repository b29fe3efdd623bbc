package dev.docket.http.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.http.InvalidRequest;
import dev.docket.server.HttpJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArrayBatchTest {

  private final ObjectMapper mapper = HttpJson.mapper();
  private final ArrayBatch batch = new ArrayBatch(mapper);

  private ArrayItems read(String text, Charset charset, int maxItems) {
    return batch.read(new ByteArrayInputStream(text.getBytes(charset)), maxItems, "things");
  }

  private ArrayItems read(String text) {
    return read(text, UTF_8, 10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        " [ ] \n",
        "[1]",
        "[-1.50,2e3,0 , 12345678901234567890]",
        "[\"\",\"a\\\"]b\",\"опись 𝄞\\ud834\\udd1e\"]",
        "\n[\n{\"a\":[{},[[]],{\"b\":\"]\"}]} ,\r\n null,true,\tfalse,[1,[2]]]",
        "\uFEFF[\"я\",{\"я\":\"я\"},7]",
      })
  void readsItemsOfArray(String text) throws Exception {
    ArrayItems items = read(text);
    List<JsonNode> found = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      found.add(items.get(i).tree(mapper));
    }
    List<JsonNode> expected = new ArrayList<>();
    mapper.readTree(text.getBytes(UTF_8)).forEach(expected::add);
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void readsManyItems() throws Exception {
    ArrayItems items = read("[0" + ",1".repeat(9_999) + "]", UTF_8, 10_000);
    assertThat(items.size()).isEqualTo(10_000);
    assertThat(items.get(9_999).tree(mapper).asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1,2",
        "[1,{\"a\":1,\"a\":2}]",
        "[1,]",
        "[1] 2",
        "[1,nope]",
        "[\"\\x\"]",
        "[\"a\u0001b\"]",
      })
  void rejectsInvalidJsonBeforeStartingItems(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("the body is not valid JSON")
        .hasMessageNotContaining("jackson");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "7", "{}", "{\"a\":[1]}", "null", "[1,2,3,4,5,6,7,8,9,10,11]"})
  void rejectsOtherValuesAndTooManyItems(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage("the body must be an array of at most 10 things");
  }

  @Test
  void rejectsEncodingsOtherThanUtf8() {
    assertThatThrownBy(() -> read("[1]", StandardCharsets.UTF_16BE, 10))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void reportsOutcomePerItemAndIndexesFailuresByOutcome() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    batch.run(
        read("[0,1,2]"),
        out,
        item -> {
          if (item.index() == 0) {
            throw InvalidRequest.field("/a", "must be present");
          }
          return List.of(
              CompletableFuture.completedFuture(Map.of("item", item.index())),
              CompletableFuture.failedFuture(InvalidRequest.field("/b", "must be present")));
        });

    JsonNode response = mapper.readTree(out.toByteArray());
    assertThat(response.path("success").toString()).isEqualTo("[{\"item\":1},{\"item\":2}]");
    assertThat(response.path("failed").findValues("index").toString()).isEqualTo("[0, 2, 4]");
    assertThat(response.at("/failed/0/errors/0/pointer").asText()).isEqualTo("/a");
  }
}
