package dev.docket.examples;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files below a directory, by name.
 *
 * @param skipped what is no file, such as links that lead to none
 */
record SourceFiles(List<SourceFile> files, List<Path> skipped) {

  /** Links to files count as files, links to directories are not followed. */
  static SourceFiles below(Path wanted) {
    if (!Files.isDirectory(wanted)) {
      throw new UserError("There is no directory " + wanted + ".");
    }
    List<SourceFile> files = new ArrayList<>();
    List<Path> skipped = new ArrayList<>();
    try {
      Path directory = wanted.toRealPath();
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (Files.isRegularFile(file)) {
                files.add(SourceFile.below(directory, file));
              } else {
                skipped.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (AccessDeniedException closed) {
      throw new UserError(closed.getFile() + " must not be read by this user.", closed);
    } catch (IOException unreadable) {
      throw new UserError(wanted + " cannot be read: " + unreadable, unreadable);
    }
    if (files.isEmpty()) {
      throw new UserError("There is no file below " + wanted + ".");
    }
    files.sort(Comparator.comparing(SourceFile::id));
    return new SourceFiles(List.copyOf(files), List.copyOf(skipped));
  }
}
