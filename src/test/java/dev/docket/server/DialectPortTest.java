package dev.docket.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.auth.http.Authenticator;
import dev.docket.auth.key.ApiKey;
import dev.docket.dialect.Dialect;
import dev.docket.http.ProblemBody;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The port of a small dialect with the base path {@code /other}. */
@Timeout(60)
final class DialectPortTest {

  /** Longer than Jetty lets a connection idle while it stops. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(1_200, TimeUnit.MILLISECONDS);

  private static final ContainerResponseFilter ERRORS =
      (request, response) -> {
        if (response.getEntity() instanceof ProblemBody problem) {
          response.setEntity(
              Map.of("wrong", problem.status()),
              new Annotation[0],
              MediaType.APPLICATION_JSON_TYPE);
        }
      };

  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final int number = ServerProcess.freePort();
  private @Nullable DialectPort port;

  /** Registered as an object. */
  @Path("/")
  public static final class ThingResource {

    private final CountDownLatch asked;

    ThingResource(CountDownLatch asked) {
      this.asked = asked;
    }

    @GET
    @PermitAll
    @Path("thing/{id}")
    public Map<String, String> get(@PathParam("id") String id, @Context UriInfo uri) {
      return Map.of("id", id, "base", uri.getBaseUri().toString());
    }

    @POST
    @PermitAll
    @Path("thing")
    public Response make() {
      return Response.created(URI.create("thing/1")).build();
    }

    @GET
    @Path("secret")
    public String secret() {
      return "secret";
    }

    @GET
    @PermitAll
    @Path("slow")
    public CompletionStage<String> slow() {
      asked.countDown();
      return CompletableFuture.supplyAsync(() -> "done", LATER);
    }
  }

  private void start(@Nullable URI publicAddress) throws Exception {
    String yaml = "dane: {port: {enabled: true, port: %d}}".formatted(number);
    DocketConfig config = ServerConfigTest.parse(yaml);
    Authenticator authenticator =
        TestKeys.authenticator(new ApiKey("in", ApiKey.hash("key"), Set.of("worker")));
    Dialect dialect =
        new Dialect(
            "other",
            "/other",
            publicAddress,
            new AuthFeature(authenticator, RejectionListener.NONE),
            List.of(new ThingResource(asked), ERRORS));
    port =
        new DialectPort(
            dialect, config.dane().port(), config, config.bodyLimit(), HttpJson.mapper());
    port.start();
  }

  @BeforeEach
  void start() throws Exception {
    start(null);
  }

  @AfterEach
  void stop() throws Exception {
    if (port != null) {
      port.stop();
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + number + path));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "/thing/1,1,/",
    "/other/thing/1,1,/other/",
    "//thing///1,1,/",
    "//other//thing/1,1,/other/",
    "/thing/a%2Fb,a/b,/",
    "/other//thing/a%2Fb%25,a/b%,/other/"
  })
  void answersAtRootAndBelowBasePath(String path, String id, String base) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("\"id\":\"" + id + "\"")
        .contains("\"base\":\"http://127.0.0.1:" + number + base + "\"");
  }

  @ParameterizedTest
  @CsvSource({"'',/thing/1", "/other,/other/thing/1"})
  void linksHaveAddressOfRequest(String base, String link) throws Exception {
    HttpResponse<Void> made =
        http.send(
            request(base + "/thing").POST(BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
    assertThat(made.headers().firstValue("Location")).contains("http://127.0.0.1:" + number + link);
  }

  @ParameterizedTest
  @CsvSource({"''", "/other"})
  void linksHavePublicAddress(String base) throws Exception {
    stop();
    start(URI.create("https://archive.example/x/"));
    assertThat(get(base + "/thing/a%2Fb?q=%20").body())
        .contains("\"id\":\"a/b\"")
        .contains("\"base\":\"https://archive.example/x/\"");
    HttpResponse<Void> made =
        http.send(
            request(base + "/thing").POST(BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
    assertThat(made.headers().firstValue("Location")).contains("https://archive.example/x/thing/1");
  }

  @ParameterizedTest
  @CsvSource({
    "/nowhere,404",
    "/other/nowhere,404",
    "/other,404",
    "/openapi.json,404",
    "/task/1,404",
    "/thing,405",
    "/secret,401"
  })
  void errorsHaveFormOfDialect(String path, int status) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo("{\"wrong\":" + status + "}");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void callerIsFoundByAuthenticationOfDialect() throws Exception {
    assertThat(
            http.send(
                    request("/secret").header("Authorization", "Bearer key").build(),
                    BodyHandlers.ofString())
                .body())
        .isEqualTo("secret");
  }

  @Test
  void currentRequestEndsBeforeThePortDoes() throws Exception {
    CompletableFuture<HttpResponse<String>> slow =
        http.sendAsync(request("/slow").build(), BodyHandlers.ofString());
    asked.await();
    stop();
    assertThat(slow.join().body()).isEqualTo("done");
  }
}
