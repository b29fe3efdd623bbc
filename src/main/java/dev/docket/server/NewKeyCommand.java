package dev.docket.server;

import dev.docket.auth.ApiKey;
import dev.docket.auth.Roles;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** Creates an API key and prints it once, with the lines for the configuration. */
final class NewKeyCommand extends Command {

  NewKeyCommand() {
    super("new-key", "Creates an API key and prints it with the lines for the configuration");
  }

  @Override
  public void configure(Subparser parser) {
    parser
        .addArgument("name")
        .help("name of the caller: 1 to 128 characters of A-Z a-z 0-9 _ . @ -");
    parser
        .addArgument("role")
        .nargs("+")
        .choices(Roles.ALL.stream().sorted().toList())
        .help("roles of the caller");
  }

  @Override
  @SuppressWarnings("SystemOut")
  public void run(Bootstrap<?> bootstrap, Namespace arguments) {
    String key = ApiKey.random();
    List<String> roles = arguments.getList("role");
    System.out.println(
        "The key, which is not shown again; clients send Authorization: Bearer " + key);
    System.out.println("Add to the configuration, below apiKeys:");
    System.out.println("  - name: " + arguments.getString("name"));
    System.out.println("    sha256: " + ApiKey.hash(key));
    System.out.println("    roles: [" + String.join(", ", roles) + "]");
  }
}
