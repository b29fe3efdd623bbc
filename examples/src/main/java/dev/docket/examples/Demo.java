package dev.docket.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts the whole stack, has it examine the files of a directory, and stops it. */
final class Demo implements CliCommand {

  private static final int SIZE = 5 << 20;

  private final Path root;
  private final Optional<Path> directory;
  private final Optional<Path> data;

  private Demo(Path root, Optional<Path> directory, Optional<Path> data) {
    this.root = root;
    this.directory = directory;
    this.data = data;
  }

  /** Understands {@code [DIR] [--data DATA]}. */
  static Demo of(Arguments arguments) {
    arguments.allow(1, "data");
    return new Demo(
        ProjectDirectory.root(),
        arguments.first().map(Path::of),
        arguments.option("data").map(Path::of));
  }

  @Override
  public void run(PrintStream out) throws InterruptedException {
    Path collection = directory.orElse(root.resolve("examples").resolve("collection"));
    SourceFiles found = SourceFiles.below(collection);
    try (DataDirectory kept = DataDirectory.open(data.orElseGet(Demo::temporary))) {
      Logs.writeTo(kept.logs().resolve("demo.log"));
      List<SourceFile> files = new ArrayList<>(found.files());
      if (directory.isEmpty()) {
        files.add(large(kept.path()));
      }
      out.println("Docket examines " + files.size() + " files of " + collection);
      for (Path skipped : found.skipped()) {
        out.println("  left out: " + TextWidth.printable(skipped.toString()) + " is no file");
      }
      try (Stack stack =
          Stack.start(root, kept, Ports.free(), part -> out.println("  starting " + part))) {
        out.println("  pages while it runs: " + stack.pages());
        examine(stack, files, out);
        out.println("  stopping ...");
      }
      out.println();
      out.println("All is stopped. The data are kept in " + kept.path());
      out.println("To look at them again: scripts/up " + quoted(kept.path()));
    }
  }

  private static void examine(Stack stack, List<SourceFile> files, PrintStream out)
      throws InterruptedException {
    try {
      new Demonstration(new DocketClient(stack.server()), stack::check, out).show(files);
    } catch (UserError healthError) {
      // If a part of the stack has died, that is the reason to tell.
      stack.check();
      throw healthError;
    }
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  private static Path temporary() {
    try {
      Path made = Files.createTempDirectory("docket-demo-");
      // Elasticsearch does not run as root but as somebody else then.
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
      return made;
    } catch (IOException unable) {
      throw new UserError("There is no room for temporary files: " + unable, unable);
    }
  }

  /** Too large to lie in a repository: 5 MiB of one line again and again. */
  private static SourceFile large(Path data) {
    Path file = data.resolve("made now").resolve("five mebibytes.txt");
    String line = "Sixty-three letters, counted with the mark that ends the line.\n";
    try {
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, line.repeat(SIZE / line.length() + 1).substring(0, SIZE));
    } catch (IOException unable) {
      throw new UserError(file + " cannot be written: " + unable, unable);
    }
    return SourceFile.below(data, file);
  }
}
