package dev.docket.examples;

import dev.docket.worker.TargetType;
import java.nio.file.Path;
import java.util.Map;
import org.apache.tika.Tika;

/**
 * A file to register as a document.
 *
 * @param id the target id: the file's path in the collection
 */
record SourceFile(String id, Path path) {

  /** A file whose id is its path relative to the directory. */
  static SourceFile below(Path directory, Path path) {
    Path relative = directory.relativize(path);
    String name = relative.toString();
    // Java replaces invalid UTF-8 with U+FFFD. The encoded path distinguishes such names.
    boolean validUtf8 = name.indexOf('\uFFFD') < 0;
    return new SourceFile(
        validUtf8 ? name : directory.toUri().relativize(path.toUri()).getRawPath(), path);
  }

  /** The target type, derived from the file name alone. */
  TargetType type() {
    String mediaType = TikaHolder.TIKA.detect(path.getFileName().toString());
    String kind = mediaType.substring(0, mediaType.indexOf('/'));
    return switch (kind) {
      case "image" -> TargetType.IMAGE;
      case "audio" -> TargetType.SOUND;
      case "video" -> TargetType.VIDEO;
      case "text" -> mediaType.equals("text/csv") ? TargetType.DATASET : TargetType.TEXT;
      default -> mediaType.equals("application/pdf") ? TargetType.TEXT : TargetType.DATASET;
    };
  }

  /** The document in the format of {@code POST /documents}. */
  Map<String, Object> document(String creator) {
    return Map.of(
        "target",
        Map.of("id", id, "url", path.toUri().toString(), "type", type().wireName()),
        "creator",
        Map.of("id", creator, "type", "Organization"));
  }

  /** Creates Tika on first use, because Tika logs when it is created. */
  private static final class TikaHolder {
    private static final Tika TIKA = new Tika();
  }
}
