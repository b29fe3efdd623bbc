package dev.docket.examples;

import dev.docket.worker.Outcome;
import dev.docket.worker.Task;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Gives handlers the file of a task's document, and maps read errors to outcomes. */
final class LocalFile {

  /** Processes the file. */
  @FunctionalInterface
  interface FileHandler {
    Outcome handle(Path file) throws Exception;
  }

  private LocalFile() {}

  /**
   * Calls the handler with the file that {@code target.url} names.
   *
   * @return the handler's outcome; or 400 if the URL does not name a file, 404 if the file does not
   *     exist, 403 if this process has no permission to read it
   */
  static Outcome read(Task task, FileHandler handler) throws Exception {
    String url = task.document().target().url();
    Path file;
    try {
      file = path(url);
    } catch (IllegalArgumentException e) {
      return Outcome.badRequest(
          "target.url must be a file URL such as file:///a/file (was " + url + ")");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return Outcome.badRequest(file + " is not a file");
    }
    try {
      return handler.handle(file);
    } catch (NoSuchFileException e) {
      return Outcome.notFound(file + " does not exist");
    } catch (AccessDeniedException e) {
      return Outcome.accessDenied("the worker has no permission to read " + file);
    }
  }

  private static Path path(String url) {
    URI address = URI.create(url);
    if (!"file".equalsIgnoreCase(address.getScheme())) {
      throw new IllegalArgumentException("not a file URL: " + url);
    }
    return Path.of(address);
  }
}
