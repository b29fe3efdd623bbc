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
 * The page that shows the description: Swagger UI out of its WebJar, with a page of our own around
 * it. Only these few files are served, so there is no way from here to any other.
 */
public final class DocsPage {

  private static final String JAR = "/META-INF/resources/webjars/swagger-ui/";
  private static final String ABOUT_JAR = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private final Asset index;
  private final Map<String, Asset> ours = new LinkedHashMap<>();
  private final Map<String, Asset> versioned = new LinkedHashMap<>();

  /** Reads them all. */
  public DocsPage() {
    String version = version();
    String page = new String(Asset.read("/docs/index.html"), StandardCharsets.UTF_8);
    index =
        new Asset(
            page.replace("{version}", version).getBytes(StandardCharsets.UTF_8),
            "text/html;charset=utf-8");
    ours.put(
        "docket.js", new Asset(Asset.read("/docs/docket.js"), "text/javascript;charset=utf-8"));
    add(version, "swagger-ui", "css", "text/css;charset=utf-8");
    add(version, "swagger-ui-bundle", "js", "text/javascript;charset=utf-8");
    add(version, "favicon-32x32", "png", "image/png");
  }

  private void add(String version, String name, String ending, String mediaType) {
    byte[] bytes = Asset.read(JAR + version + "/" + name + "." + ending);
    versioned.put(name + "-" + version + "." + ending, new Asset(bytes, mediaType));
  }

  Asset index() {
    return index;
  }

  /** A file whose name stays while its content changes. */
  Optional<Asset> ours(String name) {
    return Optional.ofNullable(ours.get(name));
  }

  /** A file that never changes under its name. */
  Optional<Asset> versioned(String name) {
    return Optional.ofNullable(versioned.get(name));
  }

  private static String version() {
    try (InputStream in = DocsPage.class.getResourceAsStream(ABOUT_JAR)) {
      Properties about = new Properties();
      if (in != null) {
        about.load(in);
      }
      String version = about.getProperty("version");
      if (version == null) {
        throw new IllegalStateException("the WebJar of Swagger UI is not on the class path");
      }
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
