package dev.docket.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keeps the whole stack running, with its data in a directory, until the process is ended. */
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

  /** Understands {@code [DATA] [--port FIRST]}. */
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
          Stack.start(root, directory, ports, part -> out.println("Starting " + part))) {
        out.println();
        told(stack, directory).forEach(out::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> out.println("Stopping ...")));
        while (true) {
          Thread.sleep(CHECK_INTERVAL.toMillis());
          stack.check();
        }
      }
    }
  }

  private List<String> told(Stack stack, DataDirectory directory) {
    FirstRequests invitation =
        new FirstRequests(stack.server(), root, Instant.now().getEpochSecond());
    return List.of(
        "Docket is running. Ctrl-C stops it; started again it has everything it had.",
        "  server         " + stack.server(),
        "  pages          " + stack.pages(),
        "  administration " + stack.admin() + "/",
        "  Elasticsearch  " + stack.elasticsearch(),
        "  broker         " + stack.broker() + " (AMQP 0-9-1)",
        "  workers        " + String.join(", ", ExampleWorkers.keys()),
        "  data           " + directory.path(),
        "  logs           " + directory.logs(),
        "",
        "Register a file, have its SHA-256 computed, and see the result:",
        "",
        "  " + invitation.register(),
        "  " + invitation.assign(),
        "  " + invitation.results());
  }
}
