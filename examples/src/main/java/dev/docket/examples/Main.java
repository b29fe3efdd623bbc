package dev.docket.examples;

import dev.docket.backends.BackendStartException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What {@code java -jar docket-examples.jar} does. */
public final class Main {

  private static final String USAGE =
      """
      Usage: java -jar docket-examples.jar COMMAND
        demo [DIR] [--data DATA]   register and examine the files below DIR, show it, stop
        up [DATA]                  keep all of it running, with its data in DATA, until Ctrl-C
        worker KEY... [--server URL] [--broker URI] [--token TOKEN]
                                   the example workers of these keys, which poll the server where
                                   there is no broker. What is left out is taken from DOCKET_SERVER,
                                   DOCKET_BROKER_URI and DOCKET_TOKEN""";

  private Main() {}

  /** Exits with 0, or with 1 and the reason, or with 2 if the arguments are not understood. */
  public static void main(String[] args) {
    // UTF-8 whatever the locale, as file names come in every script.
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    System.exit(run(List.of(args), out, err));
  }

  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  private static int run(List<String> args, PrintStream out, PrintStream err) {
    CliCommand job;
    try {
      job = job(args);
    } catch (IllegalArgumentException misunderstood) {
      err.println(misunderstood.getMessage());
      err.println(USAGE);
      return 2;
    }
    try {
      job.run(out);
      return 0;
    } catch (UserError | BackendStartException healthError) {
      err.println(healthError.getMessage());
    } catch (InterruptedException hurry) {
      err.println("Interrupted.");
    } catch (RuntimeException bug) {
      err.println("This should not have happened:");
      bug.printStackTrace(err);
    }
    return 1;
  }

  private static CliCommand job(List<String> args) {
    if (args.isEmpty()) {
      throw new IllegalArgumentException("A command is missing.");
    }
    Arguments arguments = Arguments.of(args.subList(1, args.size()));
    return switch (args.get(0)) {
      case "demo" -> Demo.of(arguments);
      case "up" -> Up.of(arguments);
      case "worker" -> ExampleWorkers.of(arguments, System.getenv());
      default -> throw new IllegalArgumentException("There is no command " + args.get(0) + ".");
    };
  }
}
