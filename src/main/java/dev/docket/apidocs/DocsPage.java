package dev.docket.apidocs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The files of the page that shows the API description: Swagger UI from its WebJar, and Docket's
 * own HTML and script. No other file can be requested.
 */
public final class DocsPage {

  private static final String JAR = "/META-INF/resources/webjars/swagger-ui/";
  private static final String JAR_PROPERTIES =
      "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private final Asset index;
  private final Map<String, Asset> unversioned = new LinkedHashMap<>();
  private final Map<String, Asset> versioned = new LinkedHashMap<>();

  /** Reads all files from the class path. */
  public DocsPage() {
    String version = version();
    String page = new String(Asset.read("/docs/index.html"), StandardCharsets.UTF_8);
    index =
        new Asset(
            page.replace("{version}", version).getBytes(StandardCharsets.UTF_8),
            "text/html;charset=utf-8");
    unversioned.put(
        "docket.js", new Asset(Asset.read("/docs/docket.js"), "text/javascript;charset=utf-8"));
    add(version, "swagger-ui", "css", "text/css;charset=utf-8");
    add(version, "swagger-ui-bundle", "js", "text/javascript;charset=utf-8");
    add(version, "favicon-32x32", "png", "image/png");
  }

  private void add(String version, String name, String extension, String mediaType) {
    byte[] bytes = Asset.read(JAR + version + "/" + name + "." + extension);
    versioned.put(name + "-" + version + "." + extension, new Asset(bytes, mediaType));
  }

  Asset index() {
    return index;
  }

  /** A file whose content can change under the same name. */
  Optional<Asset> unversioned(String name) {
    return Optional.ofNullable(unversioned.get(name));
  }

  /** A file whose name contains its version, so its content never changes. */
  Optional<Asset> versioned(String name) {
    return Optional.ofNullable(versioned.get(name));
  }

  private static String version() {
    try (InputStream in = DocsPage.class.getResourceAsStream(JAR_PROPERTIES)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      String version = properties.getProperty("version");
      if (version == null) {
        throw new IllegalStateException("the Swagger UI WebJar is not on the class path");
      }
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
