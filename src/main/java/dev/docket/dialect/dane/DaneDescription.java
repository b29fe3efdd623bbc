package dev.docket.dialect.dane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
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
      <p>%s <a href="%sswagger.json">Description in Swagger 2.0</a></p>
      <table>
      <tr><th>Method</th><th>Path</th><th>Operation</th></tr>
      %s</table>
      </body>
      </html>
      """;

  private final ObjectNode swagger;

  DaneDescription(ObjectMapper mapper) {
    swagger = read(mapper);
  }

  /**
   * The description.
   *
   * @param base the address of the API, with a slash at the end
   */
  JsonNode swagger(URI base) {
    String path = base.getPath();
    return swagger
        .deepCopy()
        .put("basePath", path.length() > 1 ? path.substring(0, path.length() - 1) : path);
  }

  /** The page; see {@link #swagger}. */
  String page(URI base) {
    StringBuilder rows = new StringBuilder();
    for (Map.Entry<String, JsonNode> path : swagger.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        rows.append("<tr><td>")
            .append(operation.getKey().toUpperCase(Locale.ROOT))
            .append("</td><td>")
            .append(escaped(base.getPath() + path.getKey().substring(1)))
            .append("</td><td>")
            .append(escaped(operation.getValue().path("summary").asText()))
            .append("</td></tr>\n");
      }
    }
    return PAGE.formatted(
        escaped(swagger.at("/info/description").asText()), escaped(base.getPath()), rows);
  }

  private static ObjectNode read(ObjectMapper mapper) {
    try (InputStream file = DaneDescription.class.getResourceAsStream(RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return (ObjectNode) mapper.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
