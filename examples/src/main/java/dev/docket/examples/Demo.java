package dev.docket.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts the stack, processes the files of a directory, prints the results and stops the stack. */
final class Demo implements CliCommand {

  private static final int LARGE_FILE_BYTES = 5 << 20;

  private final Path root;
  private final Optional<Path> directory;
  private final Optional<Path> dataDirectory;

  private Demo(Path root, Optional<Path> directory, Optional<Path> dataDirectory) {
    this.root = root;
    this.directory = directory;
    this.dataDirectory = dataDirectory;
  }

  /** Parses {@code [DIR] [--data DATA]}. */
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
    SourceFiles sources = SourceFiles.below(collection);
    try (DataDirectory data =
        DataDirectory.open(dataDirectory.orElseGet(Demo::createTemporaryDirectory))) {
      Logs.writeTo(data.logs().resolve("demo.log"));
      List<SourceFile> files = new ArrayList<>(sources.files());
      if (directory.isEmpty()) {
        files.add(createLargeFile(data.path()));
      }
      out.println("Processing " + files.size() + " files from " + collection);
      for (Path skipped : sources.skipped()) {
        out.println("  skipping " + TextWidth.printable(skipped.toString()) + ": not a file");
      }
      try (Stack stack =
          Stack.start(root, data, Ports.free(), name -> out.println("  starting " + name))) {
        out.println("  search the tasks while they run: " + stack.taskSearch());
        process(stack, files, out);
        out.println("  stopping ...");
      }
      out.println();
      out.println("Everything is stopped. The data is kept in " + data.path());
      out.println("To start Docket with this data: scripts/up " + quoted(data.path()));
    }
  }

  private static void process(Stack stack, List<SourceFile> files, PrintStream out)
      throws InterruptedException {
    try {
      new Demonstration(new DocketClient(stack.server()), stack::check, out).run(files);
    } catch (UserError e) {
      // If a process of the stack has exited, report that instead: it is the cause.
      stack.check();
      throw e;
    }
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  private static Path createTemporaryDirectory() {
    try {
      Path directory = Files.createTempDirectory("docket-demo-");
      // If this program runs as root, Elasticsearch runs as another user.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new UserError("Cannot create a temporary directory: " + e, e);
    }
  }

  /** Creates a file of 5 MiB, which is too large for the repository. It repeats one line. */
  private static SourceFile createLargeFile(Path data) {
    Path file = data.resolve("generated files").resolve("five mebibytes.txt");
    String line = "This line has sixty-three characters, including the line feed.\n";
    try {
      Files.createDirectories(file.resolveSibling("."));
      String text = line.repeat(LARGE_FILE_BYTES / line.length() + 1);
      Files.writeString(file, text.substring(0, LARGE_FILE_BYTES));
    } catch (IOException e) {
      throw new UserError("Cannot write " + file + ": " + e, e);
    }
    return SourceFile.below(data, file);
  }
}
