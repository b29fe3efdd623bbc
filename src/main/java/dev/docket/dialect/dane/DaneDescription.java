package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** The description of DANE's API in Swagger 2.0, and a page that lists its operations. */
final class DaneDescription {

  private static final String RESOURCE = "/dane/swagger.json";

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>DANE API</title>
      </head>
      <body>
      <h1>DANE API</h1>
      <p>%s <a href="%s/swagger.json">Description in Swagger 2.0</a></p>
      <table>
      <tr><th>Method</th><th>Path</th><th>Operation</th></tr>
      %s</table>
      </body>
      </html>
      """;

  private final JsonNode swagger;
  private final String page;

  DaneDescription(ObjectMapper mapper) {
    swagger = read(mapper);
    page = page(swagger);
  }

  JsonNode swagger() {
    return swagger;
  }

  String page() {
    return page;
  }

  private static JsonNode read(ObjectMapper mapper) {
    try (InputStream file = DaneDescription.class.getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return mapper.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  private static String page(JsonNode swagger) {
    String base = swagger.path("basePath").asText();
    StringBuilder rows = new StringBuilder();
    for (Map.Entry<String, JsonNode> path : swagger.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        rows.append("<tr><td>")
            .append(operation.getKey().toUpperCase(Locale.ROOT))
            .append("</td><td>")
            .append(escaped(base + path.getKey()))
            .append("</td><td>")
            .append(escaped(operation.getValue().path("summary").asText()))
            .append("</td></tr>\n");
      }
    }
    return PAGE.formatted(escaped(swagger.at("/info/description").asText()), base, rows);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
