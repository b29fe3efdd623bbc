package dev.docket.examples;

import dev.docket.worker.Outcome;
import dev.docket.worker.Task;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file that a task's document is about, and how a worker says that it cannot be read. */
final class LocalFile {

  /** What a worker does with the file. */
  @FunctionalInterface
  interface Reading {
    Outcome read(Path file) throws Exception;
  }

  private LocalFile() {}

  /** 400 for a URL that names no file, 404 for a file that is not there, 403 for a closed one. */
  static Outcome read(Task task, Reading reading) throws Exception {
    String url = task.document().target().url();
    Path file;
    try {
      file = path(url);
    } catch (IllegalArgumentException unusable) {
      return Outcome.badRequest("target.url must be like file:///a/file, is " + url);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return Outcome.badRequest(file + " is not a file");
    }
    try {
      return reading.read(file);
    } catch (NoSuchFileException gone) {
      return Outcome.notFound("there is no file " + file);
    } catch (AccessDeniedException closed) {
      return Outcome.accessDenied(file + " must not be read by this worker");
    }
  }

  private static Path path(String url) {
    URI address = URI.create(url);
    if (!"file".equalsIgnoreCase(address.getScheme())) {
      throw new IllegalArgumentException("not a file: " + url);
    }
    return Path.of(address);
  }
}
