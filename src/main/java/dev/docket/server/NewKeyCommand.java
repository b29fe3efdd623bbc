package dev.docket.server;

import dev.docket.auth.Roles;
import dev.docket.auth.key.ApiKey;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.util.List;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * Creates an API key, or the key of the admin port, and prints it once, with the lines for the
 * configuration.
 */
final class NewKeyCommand extends Command {

  NewKeyCommand() {
    super(
        "new-key",
        "Creates an API key, or the key of the admin port, and prints it with the lines for the configuration");
  }

  @Override
  public void configure(Subparser parser) {
    parser
        .addArgument("name")
        .nargs("?")
        .help("name of the caller: 1 to 128 characters of A-Z a-z 0-9 _ . @ -");
    parser
        .addArgument("role")
        .nargs("*")
        .choices(Roles.ALL.stream().sorted().toList())
        .help("roles of the caller");
    parser
        .addArgument("--admin-port")
        .action(Arguments.storeTrue())
        .help("create the key of the admin port, which has no name and no roles");
  }

  @Override
  @SuppressWarnings("SystemOut")
  public void run(Bootstrap<?> bootstrap, Namespace arguments) {
    String name = arguments.getString("name");
    List<String> roles = arguments.getList("role");
    boolean adminPort = arguments.getBoolean("admin_port");
    check(name, roles, adminPort);
    String key = ApiKey.random();
    System.out.println(
        "The key, which is not shown again; clients send Authorization: Bearer " + key);
    if (adminPort) {
      System.out.println("Add to the configuration:");
      System.out.println("adminPortKeySha256: " + ApiKey.hash(key));
      return;
    }
    System.out.println("Add to the configuration, below apiKeys:");
    System.out.println("  - name: " + name);
    System.out.println("    sha256: " + ApiKey.hash(key));
    System.out.println("    roles: [" + String.join(", ", roles) + "]");
  }

  private static void check(@Nullable String name, List<String> roles, boolean adminPort) {
    if (adminPort) {
      if (name != null) {
        throw new IllegalArgumentException("--admin-port allows neither a name nor roles");
      }
    } else if (name == null || roles.isEmpty()) {
      throw new IllegalArgumentException("a name and at least one role are required");
    } else if (!name.matches(ApiKey.NAME)) {
      throw new IllegalArgumentException(
          "the name must be 1 to 128 characters of A-Z a-z 0-9 _ . @ -");
    }
  }

  @Override
  public void onError(Cli cli, Namespace arguments, Throwable failure) {
    if (failure instanceof IllegalArgumentException) {
      cli.getStdErr().println("new-key failed: " + failure.getMessage());
    } else {
      super.onError(cli, arguments, failure);
    }
  }
}
