package dev.docket.server;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.apidocs.DocsServlet;
import dev.docket.dialect.Dialect;
import dev.docket.guard.AdminKeyCheck;
import dev.docket.http.BodyLimitFilter;
import dev.docket.http.ErrorsFeature;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.protocol.manual.ManualProtocol;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.util.JarLocation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: {@code java -jar docket-server.jar server config.yml}. */
public final class DocketApplication extends Application<DocketConfig> {

  private static final Logger LOG = LoggerFactory.getLogger(DocketApplication.class);

  private final List<WorkerProtocol.Factory> protocols;

  public DocketApplication() {
    this(List.of(DocketProtocol::new, DaneProtocol::new, names -> new ManualProtocol()));
  }

  /** An application that supports these worker protocols. */
  DocketApplication(List<WorkerProtocol.Factory> protocols) {
    this.protocols = List.copyOf(protocols);
  }

  /** Runs the command that the arguments name; see {@code --help}. */
  public static void main(String[] arguments) throws Exception {
    new DocketApplication().run(arguments);
  }

  /**
   * As Dropwizard runs its applications, but without the metrics that it registers for JMX: those
   * of the server are at {@code /metrics}.
   */
  @Override
  public void run(String... arguments) throws Exception {
    Bootstrap<DocketConfig> bootstrap = new Bootstrap<>(this);
    addDefaultCommands(bootstrap);
    initialize(bootstrap);
    new Cli(new JarLocation(getClass()), bootstrap, System.out, System.err)
        .run(arguments)
        .ifPresent(this::onFatalError);
  }

  @Override
  public String getName() {
    return "docket-server";
  }

  @Override
  public void initialize(Bootstrap<DocketConfig> bootstrap) {
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)));
    // Dropwizard's mapper reads the configuration; ours, which is strict, reads HTTP bodies.
    bootstrap.setConfigurationFactoryFactory(
        (type, validator, mapper, prefix) ->
            new ConfigurationReader<>(type, validator, configMapper(), prefix));
    bootstrap.setObjectMapper(HttpJson.mapper());
    bootstrap.addCommand(new NewKeyCommand());
    bootstrap.addCommand(new KeysCommand());
    bootstrap.addCommand(new ImportDaneCommand(protocols));
  }

  @Override
  protected void addDefaultCommands(Bootstrap<DocketConfig> bootstrap) {
    bootstrap.addCommand(new PlainServerCommand(this));
    bootstrap.addCommand(new CheckCommand<>(this));
  }

  @Override
  public void run(DocketConfig config, Environment environment) {
    if (!config.requiresCredentials()) {
      BindAddressCheck.loopbackOnlyWithoutKeys(config.getServerFactory(), config.dane().ports());
      LOG.warn(
          "Requests need no credentials, so any program on this host has all roles; to require"
              + " them, configure apiKeys or access.tokens, or set access.required");
    }
    config
        .adminPortKeySha256()
        .ifPresentOrElse(
            sha256 ->
                environment
                    .getAdminContext()
                    .insertHandler(new AdminKeyCheck(sha256, environment.getObjectMapper())),
            () -> BindAddressCheck.loopbackOnlyWithoutAdminKey(config.getServerFactory()));
    EncodedPaths.allow(config.getServerFactory(), environment);
    if (config.getServerFactory() instanceof AbstractServerFactory server) {
      server.setRegisterDefaultExceptionMappers(false);
      server.setRequestLogFactory(config.sanitized(server.getRequestLogFactory()));
    }
    BodyLimitFilter bodyLimit = config.bodyLimit();
    Wiring wiring = new Wiring(config, environment, bodyLimit, protocols);
    environment.jersey().register(new ErrorsFeature());
    environment.jersey().register(wiring.authentication());
    environment.jersey().register(wiring.ownership());
    environment.jersey().register(bodyLimit);
    // The second path is that of DANE's web page, as Docket has none yet.
    environment.servlets().addServlet("docs", new DocsServlet()).addMapping("/docs/*", "/manage/*");
    wiring.dialects().forEach(dialect -> DialectPort.mount(dialect, bodyLimit, environment));
    wiring.resources().forEach(environment.jersey()::register);
    wiring.checks().forEach(environment.healthChecks()::register);
    // An exact path takes precedence over Dropwizard's admin servlet, which serves JSON there.
    environment.admin().addServlet("prometheus", wiring.metrics().servlet()).addMapping("/metrics");
    // The library of Dropwizard's CPU profiler is not in the jar.
    environment.getAdminContext().setInitParameter("cpu-profile-enabled", "false");
    wiring.managed().forEach(environment.lifecycle()::manage);
    // Jetty then waits for current requests, and stops the managed components after that.
    GracefulShutdown.install(environment, wiring::drain);
    environment
        .lifecycle()
        .addEventListener(
            new GuardedStart(
                config.guard(
                    wiring.authentication().authenticator(), environment.getObjectMapper()),
                wiring.dialects().stream().map(Dialect::basePath).toList(),
                wiring::useRequestLog));
    wiring.awaitStore(config.elasticsearch().patience());
  }

  /**
   * The mapper for the configuration. Rejects unknown settings, which are mostly misspelled ones.
   */
  static ObjectMapper configMapper() {
    return Jackson.newObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }
}
