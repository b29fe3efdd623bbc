package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is not as described is seen. */
final class HttpExchangeTest {

  private static final String TIMES =
      "\"created_at\":\"2026-03-01T12:00:00.000Z\",\"updated_at\":\"2026-03-01T12:00:00.000Z\"";
  private static final String NEW =
      "{\"target\":{\"id\":\"a\",\"url\":\"b\",\"type\":\"Text\",\"shelf\":1},"
          + "\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}";
  private static final String MADE = "{\"id\":\"x\"," + TIMES + "," + NEW.substring(1);
  private static final String PROBLEM =
      "\"type\":\"urn:docket:problem:conflict\",\"title\":\"Conflict\",\"status\":409";

  private final ApiContract contract = new ApiContract();

  @Test
  void whatIsAsDescribedIsNotWrong() {
    assertThat(document(NEW, 201, MADE)).isEmpty();
    assertThat(document("{}", 400, "{" + PROBLEM + "}")).isEmpty();
    assertThat(exchange("GET", "/task/inprogress", "", 200, "[]")).isEmpty();
    assertThat(exchange("GET", "/nowhere", "", 404, "{" + PROBLEM + "}")).isEmpty();
  }

  @Test
  void aFieldThatIsNotDescribedIsWrong() {
    assertThat(document(NEW, 201, MADE.replaceFirst("\\{", "{\"secret\":1,")))
        .first()
        .asString()
        .startsWith("POST /document → 201: ")
        .contains("secret");
    assertThat(document(NEW.replaceFirst("\\{", "{\"more\":1,"), 201, MADE))
        .first()
        .asString()
        .contains("more");
    assertThat(document("{}", 409, "{\"more\":1," + PROBLEM + "}")).isNotEmpty();
  }

  @Test
  void aFieldThatIsMissingOrOfAnotherTypeIsWrong() {
    assertThat(document(NEW, 201, MADE.replace("\"id\":\"x\",", ""))).isNotEmpty();
    assertThat(document(NEW, 201, MADE.replace("12:00:00.000Z\",\"u", "noon\",\"u"))).isNotEmpty();
  }

  @Test
  void aStatusAMediaTypeAHeaderOrAPathThatIsNotDescribedIsWrong() {
    assertThat(document(NEW, 202, MADE)).hasSize(1);
    assertThat(exchange("GET", "/document/x", "", 200, MADE, "text/csv")).hasSize(1);
    assertThat(exchange("GET", "/openapi.json", "", 200, "{\"openapi\":1,\"info\":1,\"paths\":1}"))
        .hasSize(2);
    assertThat(exchange("GET", "/nowhere", "", 200, "[]")).hasSize(1);
  }

  @Test
  void ofABatchTheItemsThatWereTakenAreLookedAt() {
    String answer = "{\"success\":[" + MADE + "],\"failed\":[{\"index\":0," + PROBLEM + "}]}";
    assertThat(exchange("POST", "/documents", "[{}," + NEW + "]", 200, answer)).isEmpty();
    assertThat(exchange("POST", "/documents", "[" + NEW + ",{}]", 200, answer)).isNotEmpty();
  }

  @Test
  void ofLinesEachIsLookedAt() {
    String good = "{\"index\":1,\"status\":201," + MADE.substring(1);
    String lines = "{\"index\":0," + PROBLEM + "}\n" + good + "\n";
    assertThat(lines("{}\n\n" + NEW + "\n", lines)).isEmpty();
    assertThat(lines(NEW + "\n{}\n", lines)).isNotEmpty();
    assertThat(lines("{}\n" + NEW, lines.replace("\"index\":1,", ""))).isNotEmpty();
  }

  private List<String> document(String asked, int status, String answer) {
    return exchange("POST", "/document", asked, status, answer);
  }

  private List<String> lines(String asked, String answer) {
    return exchange(
        "POST", "/documents", ApiContract.NDJSON, asked, 200, answer, ApiContract.NDJSON);
  }

  private List<String> exchange(
      String method, String path, String asked, int status, String answer) {
    String type = status >= 400 ? "application/problem+json" : "application/json";
    return exchange(method, path, asked, status, answer, type);
  }

  private List<String> exchange(
      String method, String path, String asked, int status, String answer, String answerType) {
    return exchange(method, path, "application/json", asked, status, answer, answerType);
  }

  private List<String> exchange(
      String method,
      String path,
      String type,
      String asked,
      int status,
      String answer,
      String answerType) {
    return new HttpExchange(
            method, path, type, bytes(asked), status, answerType, Set.of("location"), bytes(answer))
        .wrong(contract);
  }

  private static ByteArrayOutputStream bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return bytes;
  }
}
