package dev.docket.server;

import dev.docket.elastic.index.IncompatibleIndices;
import dev.docket.http.Problem;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/**
 * The command {@code server}. A start that fails for a reason outside of the program says so in a
 * sentence: no store, indices that do not fit, a port that is taken, a setting that cannot be.
 */
final class PlainServerCommand extends ServerCommand<DocketConfig> {

  PlainServerCommand(DocketApplication application) {
    super(application);
  }

  @Override
  public void onError(Cli cli, Namespace arguments, Throwable failure) {
    boolean plain =
        failure instanceof Problem
            || failure instanceof IncompatibleIndices
            || failure instanceof IllegalArgumentException
            || failure instanceof IOException;
    if (plain) {
      cli.getStdErr().println("docket-server does not start: " + failure.getMessage());
    } else {
      super.onError(cli, arguments, failure);
    }
  }
}
