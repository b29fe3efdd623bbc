package dev.docket.elastic.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.elastic.record.RecordJson;
import dev.docket.elastic.record.RecordKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The index templates on the class path, resolved for one index prefix. */
final class IndexTemplates {

  private static final String PREFIX = "${prefix}";

  private final String prefix;

  IndexTemplates(String prefix) {
    this.prefix = prefix;
  }

  /** Returns the component template with the settings of all indices. */
  JsonNode settings() {
    return read("component/settings");
  }

  /** Returns the component template with the mapping of a kind. */
  JsonNode mapping(RecordKind kind) {
    return read("component/" + kind.plural());
  }

  /** Returns the index template that combines both for a kind. */
  JsonNode index(RecordKind kind) {
    return read("index/" + kind.plural());
  }

  private JsonNode read(String name) {
    String path = "/index-templates/" + name + ".json";
    try (InputStream file = IndexTemplates.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return RecordJson.mapper().readTree(text.replace(PREFIX, prefix));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
