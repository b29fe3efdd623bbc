package dev.docket.server;

import dev.docket.audit.AuditLog;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.auth.key.KeyService;
import dev.docket.auth.key.KeyView;
import dev.docket.auth.key.NewManagedKey;
import dev.docket.concurrent.Stages;
import dev.docket.elastic.ElasticBackend;
import dev.docket.elastic.client.BulkListener;
import dev.docket.elastic.index.IncompatibleIndices;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestOrigin;
import dev.docket.logging.LogText;
import dev.docket.maintenance.NewerRecordFormat;
import dev.docket.maintenance.RecordFormat;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.io.FileNotFoundException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code keys}: creates, lists and revokes managed API keys in the store. Servers may
 * run meanwhile, and follow within five seconds. Creates the first key of an installation, too, so
 * it installs missing indices as a server does.
 */
final class KeysCommand extends ConfiguredCommand<DocketConfig> {

  /** No API key can have this name. */
  private static final Caller CALLER = new Caller("(command line)", Set.of(Roles.ADMIN));

  private static final RequestOrigin ORIGIN = new RequestOrigin(HostName.name(), null);

  private static final int PAGE = 1_000;

  KeysCommand() {
    super(
        "keys", "Creates, lists and revokes the managed API keys, which are records in the store");
  }

  @Override
  public void configure(Subparser parser) {
    Subparsers actions = parser.addSubparsers().dest("action").metavar("ACTION");
    Subparser create = actions.addParser("create").help("create a key and print it");
    create.addArgument("--name").required(true).help("name of the caller");
    create
        .addArgument("--role")
        .required(true)
        .action(Arguments.append())
        .choices(Roles.ALL.stream().sorted().toList())
        .help("a role of the caller; can be repeated");
    create.addArgument("--group").help("group of the caller");
    create
        .addArgument("--task-key")
        .action(Arguments.append())
        .metavar("KEY")
        .help("a task key that the caller may use, and no others; can be repeated");
    create
        .addArgument("--expires")
        .metavar("TIME")
        .help(
            "when the key expires: a duration from now (P30D, PT12H), or a time (2027-01-31T00:00:00Z)");
    addFileArgument(create);
    addFileArgument(actions.addParser("list").help("list all keys, configured ones included"));
    Subparser revoke = actions.addParser("revoke").help("revoke a key");
    revoke.addArgument("id").metavar("ID").help("id of the key, from the list");
    addFileArgument(revoke);
  }

  @Override
  protected Class<DocketConfig> getConfigurationClass() {
    return DocketConfig.class;
  }

  @Override
  protected void run(Bootstrap<DocketConfig> bootstrap, Namespace arguments, DocketConfig config) {
    Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    @Nullable NewManagedKey request =
        arguments.getString("action").equals("create")
            ? request(arguments, clock.instant(), bootstrap.getValidatorFactory().getValidator())
            : null;
    try (ElasticBackend elastic =
        new ElasticBackend(
            config.elasticsearch().settings(),
            config.elasticsearch().indices(),
            config.elasticsearch().bulk().limits(),
            BulkListener.NONE)) {
      elastic.install(config.elasticsearch().patience());
      RecordFormat.claim(elastic.leader(), HostName.name(), clock.instant());
      AccessWiring access =
          new AccessWiring(
              config,
              elastic.keys(),
              new AuditLog(elastic.audit(), clock, () -> UUID.randomUUID().toString()),
              clock);
      if (request != null) {
        create(access, request, config);
      } else if (arguments.getString("action").equals("list")) {
        list(access.keys);
      } else {
        revoke(access.keys, arguments.getString("id"));
      }
    }
  }

  private static NewManagedKey request(Namespace arguments, Instant now, Validator validator) {
    @Nullable List<String> taskKeys = arguments.getList("task_key");
    @Nullable String expires = arguments.getString("expires");
    NewManagedKey request =
        new NewManagedKey(
            arguments.getString("name"),
            new LinkedHashSet<>(arguments.getList("role")),
            arguments.getString("group"),
            taskKeys == null ? null : new LinkedHashSet<>(taskKeys),
            expires == null ? null : time(expires, now));
    validator.validate(request).stream()
        .findFirst()
        .ifPresent(
            (ConstraintViolation<NewManagedKey> violation) -> {
              throw new IllegalArgumentException(
                  violation.getPropertyPath() + " " + violation.getMessage());
            });
    return request;
  }

  private static Instant time(String text, Instant now) {
    try {
      return text.startsWith("P") ? now.plus(Duration.parse(text)) : Instant.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "--expires must be a duration such as P30D, or a time such as 2027-01-31T00:00:00Z (was "
              + text
              + ")",
          e);
    }
  }

  @SuppressWarnings("SystemOut")
  private static void create(AccessWiring access, NewManagedKey request, DocketConfig config) {
    if (!config.requiresCredentials()) {
      System.err.println(
          "Servers with this configuration accept requests without credentials, whatever keys"
              + " exist. Configure apiKeys or access.tokens, or set access.required: true.");
    }
    access.readKeys();
    KeyService.Created created = Stages.join(access.keys.create(CALLER, ORIGIN, request));
    System.out.println(
        "The key, which is not shown again; clients send Authorization: Bearer " + created.text());
    System.out.println("Its id, with which it can be revoked: " + created.key().id());
  }

  @SuppressWarnings("SystemOut")
  private static void list(KeyService keys) {
    @Nullable String after = null;
    do {
      KeyService.Page page = keys.list(after, PAGE);
      page.keys().forEach(key -> System.out.println(line(key)));
      after = page.next();
    } while (after != null);
  }

  private static String line(KeyView key) {
    return "%-20s  %-10s  %-7s  %s  roles: %s%s%s%s"
        .formatted(
            key.id(),
            key.source(),
            key.state(),
            key.name(),
            String.join(", ", key.roles()),
            key.group() == null ? "" : "  group: " + key.group(),
            key.taskKeys() == null ? "" : "  task keys: " + String.join(", ", key.taskKeys()),
            key.expiresAt() == null ? "" : "  expires: " + key.expiresAt());
  }

  @SuppressWarnings("SystemOut")
  private static void revoke(KeyService keys, String id) {
    KeyView revoked = Stages.join(keys.revoke(CALLER, ORIGIN, id));
    System.out.println("Revoked the key " + revoked.id() + " of " + revoked.name());
  }

  @Override
  public void onError(Cli cli, Namespace arguments, Throwable failure) {
    boolean external =
        failure instanceof Problem
            || failure instanceof IncompatibleIndices
            || failure instanceof NewerRecordFormat
            || failure instanceof FileNotFoundException
            || failure instanceof IllegalArgumentException;
    if (external) {
      cli.getStdErr().println("keys failed: " + LogText.line(message(failure)));
    } else {
      super.onError(cli, arguments, failure);
    }
  }

  private static String message(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof InvalidRequest ? message.replaceFirst("^/", "") : message;
  }
}
