package dev.docket.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Runs the stack with its data in a directory until the process is stopped. */
final class Up implements CliCommand {

  private static final int FIRST_PORT = 5500;
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private final Path root;
  private final Path data;
  private final Ports ports;

  private Up(Path root, Path data, Ports ports) {
    this.root = root;
    this.data = data;
    this.ports = ports;
  }

  /** Parses {@code [DATA] [--port FIRST]}. */
  static Up of(Arguments arguments) {
    arguments.allow(1, "port");
    Path root = ProjectDirectory.root();
    Path data = arguments.first().map(Path::of).orElse(root.resolve("data"));
    int first = arguments.option("port").map(Integer::parseInt).orElse(FIRST_PORT);
    return new Up(root, data, Ports.from(first));
  }

  @Override
  public void run(PrintStream out) throws InterruptedException {
    ports.requireFree();
    try (DataDirectory directory = DataDirectory.open(data)) {
      Logs.writeTo(directory.logs().resolve("up.log"));
      try (Stack stack =
          Stack.start(root, directory, ports, name -> out.println("Starting " + name))) {
        out.println();
        welcome(stack, directory).forEach(out::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> out.println("Stopping ...")));
        while (true) {
          Thread.sleep(CHECK_INTERVAL.toMillis());
          stack.check();
        }
      }
    }
  }

  private List<String> welcome(Stack stack, DataDirectory directory) {
    FirstRequests requests =
        new FirstRequests(stack.server(), root, Instant.now().getEpochSecond());
    return List.of(
        "Docket is running. Press Ctrl-C to stop it. The next start continues with the same data.",
        "  server         " + stack.server(),
        "  start page     " + stack.server() + "/ (open it in a browser)",
        "  task search    " + stack.taskSearch(),
        "  administration " + stack.admin() + "/",
        "  Elasticsearch  " + stack.elasticsearch(),
        "  broker         " + stack.broker() + " (AMQP 0-9-1)",
        "  workers        " + String.join(", ", ExampleWorkers.keys()),
        "  data           " + directory.path(),
        "  logs           " + directory.logs(),
        "",
        "Register a file, compute its SHA-256, and read the result:",
        "",
        "  " + requests.register(),
        "  " + requests.assign(),
        "  " + requests.results());
  }
}
