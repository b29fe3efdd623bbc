package dev.docket.server;

import dev.docket.dialect.dane.importing.DaneConnection;
import dev.docket.dialect.dane.importing.ImportFailed;
import dev.docket.elastic.index.IncompatibleIndices;
import dev.docket.http.Problem;
import dev.docket.logging.LogText;
import dev.docket.maintenance.NewerRecordFormat;
import dev.docket.protocol.WorkerProtocol;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * The command {@code import-dane}: imports the data of a DANE installation. Servers may run
 * meanwhile. The progress goes to the standard error stream, the report to the standard output.
 */
final class ImportDaneCommand extends ConfiguredCommand<DocketConfig> {

  private final List<WorkerProtocol.Factory> protocols;

  ImportDaneCommand(List<WorkerProtocol.Factory> protocols) {
    super(
        "import-dane",
        "Imports documents, tasks and results from DANE's Elasticsearch (7.9 to 8)."
            + " Can be stopped and repeated: it only creates what is missing");
    this.protocols = List.copyOf(protocols);
  }

  @Override
  public void configure(Subparser parser) {
    super.configure(parser);
    parser
        .addArgument("--from")
        .metavar("URL")
        .required(true)
        .help("address of DANE's Elasticsearch: http://[user:password@]host:9200");
    parser.addArgument("--index").metavar("NAME").required(true).help("DANE's index: dane-index");
    parser
        .addArgument("--time-zone")
        .metavar("ZONE")
        .setDefault("UTC")
        .help("time zone of DANE's server, such as Europe/Amsterdam");
  }

  @Override
  protected Class<DocketConfig> getConfigurationClass() {
    return DocketConfig.class;
  }

  @Override
  @SuppressWarnings("SystemOut")
  protected void run(Bootstrap<DocketConfig> bootstrap, Namespace arguments, DocketConfig config) {
    DaneConnection from =
        DaneConnection.of(arguments.getString("from"), arguments.getString("index"));
    ZoneId zone = zone(arguments.getString("time_zone"));
    System.out.println(
        new DaneImportWiring(config, protocols).run(from, zone, System.err::println).text());
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      throw new IllegalArgumentException(
          "the time zone must be a name such as Europe/Amsterdam (was " + name + ")", unknown);
    }
  }

  @Override
  public void onError(Cli cli, Namespace arguments, Throwable failure) {
    boolean external =
        failure instanceof ImportFailed
            || failure instanceof Problem
            || failure instanceof IncompatibleIndices
            || failure instanceof NewerRecordFormat
            || failure instanceof IllegalArgumentException;
    if (external) {
      cli.getStdErr().println("import-dane failed: " + LogText.line(failure.getMessage()));
    } else {
      super.onError(cli, arguments, failure);
    }
  }
}
