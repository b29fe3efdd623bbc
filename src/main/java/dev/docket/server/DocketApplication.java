package dev.docket.server;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.AuthFeature;
import dev.docket.http.ErrorsFeature;
import dev.docket.http.TruncatingInterceptor;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.protocol.dane.DaneProtocol;
import dev.docket.protocol.docket.DocketProtocol;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
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

  private final List<WorkerProtocol> protocols;

  public DocketApplication() {
    this(List.of(new DocketProtocol(), new DaneProtocol()));
  }

  /** With these kinds of workers. */
  DocketApplication(List<WorkerProtocol> protocols) {
    this.protocols = List.copyOf(protocols);
  }

  /** Runs a command of the command line; see {@code --help}. */
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
    // The configuration is read by Dropwizard's own mapper, HTTP by ours, which is strict.
    bootstrap.setConfigurationFactoryFactory(
        (type, validator, mapper, prefix) ->
            new YamlConfigurationFactory<>(type, validator, configMapper(), prefix));
    bootstrap.setObjectMapper(HttpJson.mapper());
    bootstrap.addCommand(new NewKeyCommand());
  }

  @Override
  protected void addDefaultCommands(Bootstrap<DocketConfig> bootstrap) {
    bootstrap.addCommand(new PlainServerCommand(this));
    bootstrap.addCommand(new CheckCommand<>(this));
  }

  @Override
  public void run(DocketConfig config, Environment environment) {
    if (config.apiKeys().isEmpty()) {
      BindAddressCheck.loopbackOnlyWithoutKeys(config.getServerFactory(), config.dane().store());
      LOG.warn("No apiKeys are configured: everyone on this machine may do everything");
    }
    EncodedPaths.allow(config.getServerFactory(), environment);
    if (config.getServerFactory() instanceof AbstractServerFactory server) {
      server.setRegisterDefaultExceptionMappers(false);
    }
    Wiring wiring = new Wiring(config, environment, protocols);
    environment.jersey().register(new ErrorsFeature());
    environment.jersey().register(TruncatingInterceptor.class);
    environment.jersey().register(new AuthFeature(config.apiKeys()));
    environment.jersey().register(config.bodyLimit());
    wiring.resources().forEach(environment.jersey()::register);
    wiring.checks().forEach(environment.healthChecks()::register);
    // A path of its own goes before Dropwizard's admin servlet, which has figures as JSON there.
    environment.admin().addServlet("prometheus", wiring.metrics().servlet()).addMapping("/metrics");
    // The library of Dropwizard's CPU profiler is not in the jar.
    environment.getAdminContext().setInitParameter("cpu-profile-enabled", "false");
    wiring.managed().forEach(environment.lifecycle()::manage);
    // Jetty then lets requests under way end, and only then are the managed parts stopped.
    GracefulShutdown.install(environment, wiring::drain);
    wiring.awaitStore(config.elasticsearch().patience().toJavaDuration());
  }

  /** How the configuration is read: unknown settings are refused, they are mostly misspelt ones. */
  static ObjectMapper configMapper() {
    return Jackson.newObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }
}
