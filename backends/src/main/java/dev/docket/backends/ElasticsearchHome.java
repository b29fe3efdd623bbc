package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the unpacked Elasticsearch distribution lies. */
public final class ElasticsearchHome {

  private static final String REMEDY = "run: mvn -pl backends process-resources";

  private ElasticsearchHome() {}

  /**
   * Finds it below the repository's root, which the system property {@code docket.root} names; else
   * the working directory or one above it is taken for the root.
   *
   * @throws BackendStartException when it has not been unpacked yet
   */
  public static Path find() {
    String root = System.getProperty("docket.root");
    if (root != null) {
      return below(Path.of(root));
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.isDirectory(dir.resolve("backends"))) {
        return below(dir);
      }
    }
    throw new BackendStartException(
        "no repository of Docket at or above "
            + start
            + "; set the system property docket.root to it");
  }

  /** Finds it below the given root of the repository. */
  public static Path below(Path root) {
    Path target = root.resolve("backends").resolve("target").toAbsolutePath().normalize();
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(target)) {
      try (DirectoryStream<Path> dirs = Files.newDirectoryStream(target, "elasticsearch-*")) {
        dirs.forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    found.removeIf(dir -> !Files.exists(dir.resolve("bin").resolve("elasticsearch")));
    if (found.isEmpty()) {
      throw new BackendStartException("no Elasticsearch in " + target + "; " + REMEDY);
    }
    if (found.size() > 1) {
      throw new BackendStartException(
          "more than one Elasticsearch: " + found + "; delete the old one");
    }
    return found.get(0);
  }
}
