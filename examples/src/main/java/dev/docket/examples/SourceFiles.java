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
 * The files below a directory, sorted by id.
 *
 * @param skipped entries that are not files, such as broken links and links to directories
 */
record SourceFiles(List<SourceFile> files, List<Path> skipped) {

  /** Lists the files recursively. Includes links to files; does not follow links to directories. */
  static SourceFiles below(Path root) {
    if (!Files.isDirectory(root)) {
      throw new UserError(root + " is not a directory.");
    }
    List<SourceFile> files = new ArrayList<>();
    List<Path> skipped = new ArrayList<>();
    try {
      Path directory = root.toRealPath();
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
    } catch (AccessDeniedException e) {
      throw new UserError("No permission to read " + e.getFile() + ".", e);
    } catch (IOException e) {
      throw new UserError("Cannot read " + root + ": " + e, e);
    }
    if (files.isEmpty()) {
      throw new UserError(root + " contains no files.");
    }
    files.sort(Comparator.comparing(SourceFile::id));
    return new SourceFiles(List.copyOf(files), List.copyOf(skipped));
  }
}
