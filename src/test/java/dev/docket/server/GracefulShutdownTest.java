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

/** A server that stops while a request is under way for longer than Jetty lets connections idle. */
@Timeout(60)
final class GracefulShutdownTest {

  private static final Duration LONGER_THAN_IDLE = Duration.ofMillis(1_200);

  private static CompletableFuture<String> answer = new CompletableFuture<>();
  private static CompletableFuture<Void> drained = new CompletableFuture<>();

  /** Needs no configuration. */
  public static final class Slow extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
      environment.jersey().register(new ErrorsFeature());
      environment.jersey().register(new Waiting());
      GracefulShutdown.install(environment, () -> drained.complete(null));
    }
  }

  /** Waits for the answer. */
  @Path("/")
  public static final class Waiting {
    @GET
    public CompletionStage<String> get() {
      return answer;
    }
  }

  @BeforeEach
  void nothingIsSaid() {
    answer = new CompletableFuture<>();
    drained = new CompletableFuture<>();
  }

  private static DropwizardTestSupport<Configuration> server(String grace) throws Exception {
    DropwizardTestSupport<Configuration> server =
        new DropwizardTestSupport<>(
            Slow.class,
            (String) null,
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"),
            ConfigOverride.config("server.shutdownGracePeriod", grace));
    server.before();
    return server;
  }

  private static CompletableFuture<HttpResponse<String>> get(DropwizardTestSupport<?> server) {
    URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    CompletableFuture<HttpResponse<String>> asked =
        HttpClient.newHttpClient()
            .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    await()
        .pollDelay(LONGER_THAN_IDLE)
        .untilAsserted(() -> assertThat(answer.getNumberOfDependents()).isPositive());
    return asked;
  }

  @Test
  void whatIsUnderWayIsAnswered() throws Exception {
    DropwizardTestSupport<Configuration> server = server("30s");
    CompletableFuture<HttpResponse<String>> asked = get(server);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::after);
    drained.get(30, TimeUnit.SECONDS);
    await().pollDelay(LONGER_THAN_IDLE).untilAsserted(() -> assertThat(asked).isNotDone());
    answer.complete("stored");

    assertThat(asked.get(30, TimeUnit.SECONDS).body()).isEqualTo("stored");
    stopped.get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatIsCutOffIsNoSuccess() throws Exception {
    DropwizardTestSupport<Configuration> server = server("100ms");
    CompletableFuture<HttpResponse<String>> asked = get(server);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::after);

    Integer status =
        asked
            .handle((said, failure) -> said == null ? 0 : said.statusCode())
            .get(30, TimeUnit.SECONDS);
    assertThat(status).isIn(0, 503);
    stopped.handle((nothing, failure) -> "it has ended").get(30, TimeUnit.SECONDS);
  }
}
