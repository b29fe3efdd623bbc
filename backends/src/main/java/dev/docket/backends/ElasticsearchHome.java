package dev.docket.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Locates the unpacked Elasticsearch distribution. */
public final class ElasticsearchHome {

  private static final String REMEDY = "run: mvn -pl backends process-resources";

  private ElasticsearchHome() {}

  /**
   * Finds the distribution below the root of the repository. The root is the system property {@code
   * docket.root}, or else the nearest directory at or above the working directory that contains
   * {@code backends}.
   *
   * @throws BackendStartException if the distribution has not been unpacked yet
   */
  public static Path find() {
    return below(root());
  }

  /**
   * Finds the distribution of the release that DANE runs on, which has join fields, below the root
   * of the repository.
   *
   * @throws BackendStartException if the distribution has not been unpacked yet
   */
  public static Path findDane() {
    return in(target(root()).resolve("dane"));
  }

  private static Path root() {
    String root = System.getProperty("docket.root");
    if (root != null) {
      return Path.of(root);
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.isDirectory(dir.resolve("backends"))) {
        return dir;
      }
    }
    throw new BackendStartException(
        "no Docket repository at or above "
            + start
            + "; set the system property docket.root to its root");
  }

  /** Finds the distribution below the given root of the repository. */
  public static Path below(Path root) {
    return in(target(root));
  }

  private static Path target(Path root) {
    return root.resolve("backends").resolve("target").toAbsolutePath().normalize();
  }

  private static Path in(Path target) {
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
