package dev.docket.examples;

import dev.docket.backends.BackendStartException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Entry point of {@code docket-examples.jar}. */
public final class Main {

  private static final String USAGE =
      """
      Usage: java -jar docket-examples.jar COMMAND
        demo [DIR] [--data DATA]   start Docket, process the files below DIR, print results, stop
        up [DATA]                  run Docket with its data in DATA until Ctrl-C
        worker KEY... [--server URL] [--broker URI] [--token TOKEN]
                                   run the example workers for these task keys. Without a broker,
                                   they poll the server. The defaults of the options are the
                                   environment variables DOCKET_SERVER, DOCKET_BROKER_URI and
                                   DOCKET_TOKEN""";

  private Main() {}

  /** Exits with 0 on success, with 1 on failure and with 2 if the arguments are invalid. */
  public static void main(String[] args) {
    // Always UTF-8, whatever the locale is: file names may be in any script.
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    System.exit(run(List.of(args), out, err));
  }

  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  private static int run(List<String> args, PrintStream out, PrintStream err) {
    CliCommand command;
    try {
      command = parse(args);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println(USAGE);
      return 2;
    }
    try {
      command.run(out);
      return 0;
    } catch (UserError | BackendStartException e) {
      err.println(e.getMessage());
    } catch (InterruptedException e) {
      err.println("Interrupted.");
    } catch (RuntimeException e) {
      err.println("Unexpected error:");
      e.printStackTrace(err);
    }
    return 1;
  }

  private static CliCommand parse(List<String> args) {
    if (args.isEmpty()) {
      throw new IllegalArgumentException("A command is required.");
    }
    Arguments arguments = Arguments.of(args.subList(1, args.size()));
    return switch (args.get(0)) {
      case "demo" -> Demo.of(arguments);
      case "up" -> Up.of(arguments);
      case "worker" -> ExampleWorkers.of(arguments, System.getenv());
      default -> throw new IllegalArgumentException("Unknown command " + args.get(0) + ".");
    };
  }
}
