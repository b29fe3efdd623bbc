package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.docket.http.ErrorsFeature;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server stops while a request takes longer than Jetty's idle timeout during the shutdown. */
@Timeout(60)
final class GracefulShutdownTest {

  private static final Duration LONGER_THAN_IDLE = Duration.ofMillis(1_200);

  private static CompletableFuture<String> response = new CompletableFuture<>();
  private static CompletableFuture<Void> drained = new CompletableFuture<>();

  /** An application without configuration. */
  public static final class SlowApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
      environment.jersey().register(new ErrorsFeature());
      environment.jersey().register(new SlowResource());
      GracefulShutdown.install(environment, () -> drained.complete(null));
    }
  }

  /** Responds when {@link #response} is completed. */
  @Path("/")
  public static final class SlowResource {
    @GET
    public CompletionStage<String> get() {
      return response;
    }
  }

  @BeforeEach
  void resetFutures() {
    response = new CompletableFuture<>();
    drained = new CompletableFuture<>();
  }

  private static DropwizardTestSupport<Configuration> server(String gracePeriod) throws Exception {
    DropwizardTestSupport<Configuration> server =
        new DropwizardTestSupport<>(
            SlowApplication.class,
            (String) null,
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"),
            ConfigOverride.config("server.shutdownGracePeriod", gracePeriod));
    server.before();
    return server;
  }

  private static CompletableFuture<HttpResponse<String>> get(DropwizardTestSupport<?> server) {
    URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    CompletableFuture<HttpResponse<String>> request =
        HttpClient.newHttpClient()
            .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    await()
        .pollDelay(LONGER_THAN_IDLE)
        .untilAsserted(() -> assertThat(response.getNumberOfDependents()).isPositive());
    return request;
  }

  @Test
  void completesRequestInProgress() throws Exception {
    DropwizardTestSupport<Configuration> server = server("30s");
    CompletableFuture<HttpResponse<String>> request = get(server);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::after);
    drained.get(30, TimeUnit.SECONDS);
    await().pollDelay(LONGER_THAN_IDLE).untilAsserted(() -> assertThat(request).isNotDone());
    response.complete("stored");

    assertThat(request.get(30, TimeUnit.SECONDS).body()).isEqualTo("stored");
    stopped.get(30, TimeUnit.SECONDS);
  }

  @Test
  void abortedRequestIsNotReportedAsSuccess() throws Exception {
    DropwizardTestSupport<Configuration> server = server("100ms");
    CompletableFuture<HttpResponse<String>> request = get(server);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::after);

    Integer status =
        request
            .handle((received, failure) -> received == null ? 0 : received.statusCode())
            .get(30, TimeUnit.SECONDS);
    assertThat(status).isIn(0, 503);
    stopped.handle((unused, failure) -> "ended").get(30, TimeUnit.SECONDS);
  }
}
