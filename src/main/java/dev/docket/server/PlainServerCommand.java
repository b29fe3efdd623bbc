package dev.docket.server;

import dev.docket.elastic.index.IncompatibleIndices;
import dev.docket.http.Problem;
import dev.docket.logging.LogText;
import dev.docket.maintenance.NewerRecordFormat;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.io.IOException;
import net.sourceforge.argparse4j.inf.Namespace;

/**
 * The command {@code server}. If the start fails for an external reason, prints one line without a
 * stack trace: Elasticsearch is unreachable, an index is incompatible, a newer release has run, a
 * port is in use, or a setting is invalid.
 */
final class PlainServerCommand extends ServerCommand<DocketConfig> {

  PlainServerCommand(DocketApplication application) {
    super(application);
  }

  @Override
  public void onError(Cli cli, Namespace arguments, Throwable failure) {
    boolean external =
        failure instanceof Problem
            || failure instanceof IncompatibleIndices
            || failure instanceof NewerRecordFormat
            || failure instanceof IllegalArgumentException
            || failure instanceof IOException;
    if (external) {
      cli.getStdErr()
          .println("docket-server failed to start: " + LogText.line(failure.getMessage()));
    } else {
      super.onError(cli, arguments, failure);
    }
  }
}
