package dev.docket.examples;

import dev.docket.worker.TargetType;
import java.nio.file.Path;
import java.util.Map;
import org.apache.tika.Tika;

/**
 * A file to be registered.
 *
 * @param id what it is called in the collection
 */
record SourceFile(String id, Path path) {

  /** A file below a directory, called by its path from there. */
  static SourceFile below(Path directory, Path path) {
    Path relative = directory.relativize(path);
    String name = relative.toString();
    // Bytes that are no UTF-8 all read as U+FFFD; the URL tells such names apart.
    boolean readable = name.indexOf('\uFFFD') < 0;
    return new SourceFile(
        readable ? name : directory.toUri().relativize(path.toUri()).getRawPath(), path);
  }

  /** What kind of thing it is, by its name alone. */
  TargetType type() {
    String mediaType = Names.TIKA.detect(path.getFileName().toString());
    String kind = mediaType.substring(0, mediaType.indexOf('/'));
    return switch (kind) {
      case "image" -> TargetType.IMAGE;
      case "audio" -> TargetType.SOUND;
      case "video" -> TargetType.VIDEO;
      case "text" -> mediaType.equals("text/csv") ? TargetType.DATASET : TargetType.TEXT;
      default -> mediaType.equals("application/pdf") ? TargetType.TEXT : TargetType.DATASET;
    };
  }

  /** As {@code POST /documents} takes it. */
  Map<String, Object> document(String creator) {
    return Map.of(
        "target",
        Map.of("id", id, "url", path.toUri().toString(), "type", type().wireName()),
        "creator",
        Map.of("id", creator, "type", "Organization"));
  }

  /** Made when first used, as it logs. */
  private static final class Names {
    private static final Tika TIKA = new Tika();
  }
}
