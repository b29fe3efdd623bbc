package dev.docket.server;

import dev.docket.auth.ApiKey;
import dev.docket.auth.Roles;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** Makes an API key: prints it once, with the lines that the configuration needs to know it. */
final class NewKeyCommand extends Command {

  NewKeyCommand() {
    super("new-key", "Makes an API key and prints the lines for the configuration");
  }

  @Override
  public void configure(Subparser parser) {
    parser.addArgument("name").help("whose key it is: 1 to 128 of A-Z a-z 0-9 _ . @ -");
    parser
        .addArgument("role")
        .nargs("+")
        .choices(Roles.ALL.stream().sorted().toList())
        .help("what he may do");
  }

  @Override
  @SuppressWarnings("SystemOut")
  public void run(Bootstrap<?> bootstrap, Namespace arguments) {
    String key = ApiKey.random();
    List<String> roles = arguments.getList("role");
    System.out.println("The key, shown only now; clients send Authorization: Bearer " + key);
    System.out.println("For the configuration, below apiKeys:");
    System.out.println("  - name: " + arguments.getString("name"));
    System.out.println("    sha256: " + ApiKey.hash(key));
    System.out.println("    roles: [" + String.join(", ", roles) + "]");
  }
}
