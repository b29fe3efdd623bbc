package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Differences from the OpenAPI description are found. */
final class HttpExchangeTest {

  private static final String TIMES =
      "\"created_at\":\"2026-03-01T12:00:00.000Z\",\"updated_at\":\"2026-03-01T12:00:00.000Z\"";
  private static final String NEW_DOCUMENT =
      "{\"target\":{\"id\":\"a\",\"url\":\"b\",\"type\":\"Text\",\"shelf\":1},"
          + "\"creator\":{\"id\":\"c\",\"type\":\"Human\"}}";
  private static final String CREATED = "{\"id\":\"x\"," + TIMES + "," + NEW_DOCUMENT.substring(1);
  private static final String PROBLEM =
      "\"type\":\"urn:docket:problem:conflict\",\"title\":\"Conflict\",\"status\":409";

  private final ApiContract contract = new ApiContract();

  @Test
  void acceptsDescribedExchange() {
    assertThat(document(NEW_DOCUMENT, 201, CREATED)).isEmpty();
    assertThat(document("{}", 400, "{" + PROBLEM + "}")).isEmpty();
    assertThat(exchange("GET", "/task/inprogress", "", 200, "[]")).isEmpty();
    assertThat(exchange("GET", "/nowhere", "", 404, "{" + PROBLEM + "}")).isEmpty();
  }

  @Test
  void findsUndescribedField() {
    assertThat(document(NEW_DOCUMENT, 201, CREATED.replaceFirst("\\{", "{\"secret\":1,")))
        .first()
        .asString()
        .startsWith("POST /document → 201: ")
        .contains("secret");
    assertThat(document(NEW_DOCUMENT.replaceFirst("\\{", "{\"more\":1,"), 201, CREATED))
        .first()
        .asString()
        .contains("more");
    assertThat(document("{}", 409, "{\"more\":1," + PROBLEM + "}")).isNotEmpty();
  }

  @Test
  void findsMissingFieldAndWrongType() {
    assertThat(document(NEW_DOCUMENT, 201, CREATED.replace("\"id\":\"x\",", ""))).isNotEmpty();
    assertThat(document(NEW_DOCUMENT, 201, CREATED.replace("12:00:00.000Z\",\"u", "noon\",\"u")))
        .isNotEmpty();
  }

  @Test
  void findsUndescribedStatusMediaTypeHeaderAndPath() {
    assertThat(document(NEW_DOCUMENT, 202, CREATED)).hasSize(1);
    assertThat(exchange("GET", "/document/x", "", 200, CREATED, "text/csv")).hasSize(1);
    assertThat(exchange("GET", "/openapi.json", "", 200, "{\"openapi\":1,\"info\":1,\"paths\":1}"))
        .hasSize(2);
    assertThat(exchange("GET", "/nowhere", "", 200, "[]")).hasSize(1);
  }

  @Test
  void checksAcceptedItemsOfBatch() {
    String response = "{\"success\":[" + CREATED + "],\"failed\":[{\"index\":0," + PROBLEM + "}]}";
    assertThat(exchange("POST", "/documents", "[{}," + NEW_DOCUMENT + "]", 200, response))
        .isEmpty();
    assertThat(exchange("POST", "/documents", "[" + NEW_DOCUMENT + ",{}]", 200, response))
        .isNotEmpty();
  }

  @Test
  void checksEachAcceptedLine() {
    String createdLine = "{\"index\":1,\"status\":201," + CREATED.substring(1);
    String lines = "{\"index\":0," + PROBLEM + "}\n" + createdLine + "\n";
    assertThat(lines("{}\n\n" + NEW_DOCUMENT + "\n", lines)).isEmpty();
    assertThat(lines(NEW_DOCUMENT + "\n{}\n", lines)).isNotEmpty();
    assertThat(lines("{}\n" + NEW_DOCUMENT, lines.replace("\"index\":1,", ""))).isNotEmpty();
  }

  private List<String> document(String request, int status, String response) {
    return exchange("POST", "/document", request, status, response);
  }

  private List<String> lines(String request, String response) {
    return exchange(
        "POST", "/documents", ApiContract.NDJSON, request, 200, response, ApiContract.NDJSON);
  }

  private List<String> exchange(
      String method, String path, String request, int status, String response) {
    String type = status >= 400 ? "application/problem+json" : "application/json";
    return exchange(method, path, request, status, response, type);
  }

  private List<String> exchange(
      String method,
      String path,
      String request,
      int status,
      String response,
      String responseType) {
    return exchange(method, path, "application/json", request, status, response, responseType);
  }

  private List<String> exchange(
      String method,
      String path,
      String type,
      String request,
      int status,
      String response,
      String responseType) {
    return new HttpExchange(
            method,
            path,
            type,
            bytes(request),
            status,
            responseType,
            Set.of("location"),
            bytes(response))
        .violations(contract);
  }

  private static ByteArrayOutputStream bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return bytes;
  }
}
