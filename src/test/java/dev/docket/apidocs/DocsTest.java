package dev.docket.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.auth.RejectionListener;
import dev.docket.auth.TestKeys;
import dev.docket.auth.http.AuthFeature;
import dev.docket.auth.key.ApiKey;
import dev.docket.http.ErrorsFeature;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the API description and its page over HTTP, on a server with API keys. */
final class DocsTest {

  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

  private static final DropwizardTestSupport<Configuration> SERVER =
      new DropwizardTestSupport<>(
          DocsApplication.class,
          (String) null,
          ConfigOverride.config("server.applicationConnectors[0].port", "0"),
          ConfigOverride.config("server.adminConnectors[0].port", "0"));

  /** An application without configuration. */
  public static final class DocsApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
      environment.jersey().register(new ErrorsFeature());
      environment
          .jersey()
          .register(
              new AuthFeature(
                  TestKeys.authenticator(
                      new ApiKey("in", ApiKey.hash("a key"), Set.of("archivist"))),
                  RejectionListener.NONE));
      environment.jersey().register(new ApiDescriptionResource(() -> new ApiDescription("1.2.3")));
      environment
          .servlets()
          .addServlet("docs", new DocsServlet())
          .addMapping("/docs/*", "/manage/*");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    SERVER.before();
  }

  @AfterAll
  static void stop() {
    SERVER.after();
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + SERVER.getLocalPort()).resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void servesDescriptionWithoutKey() throws Exception {
    HttpResponse<String> response = get("/openapi.json");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    assertThat(new ObjectMapper().readTree(response.body()))
        .isEqualTo(new ApiDescription("1.2.3").document());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/openapi.json", "/docs/", "/docs/swagger-ui-bundle.js"})
  void isNotSentAgainToClientThatHasIt(String path) throws Exception {
    String tag = header(get(path), "ETag");
    assertThat(tag).isNotEmpty();

    HttpResponse<String> second = get(path, "If-None-Match", tag);
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
    assertThat(get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\"a", "W/"})
  void rejectsInvalidEntityTag(String tag) throws Exception {
    HttpResponse<String> response = get("/openapi.json", "If-None-Match", tag);
    assertThat(response.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/manage", "/manage/"})
  void redirectsToPage(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(307);
    assertThat(header(response, "Location")).isEqualTo("/docs/");
  }

  @Test
  void pageRefersToExistingFilesOnly() throws Exception {
    HttpResponse<String> page = get("/docs/");
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(header(page, "Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.body()).contains("<title>Docket API</title>").doesNotContain("//");
    Matcher links = LINK.matcher(page.body());
    int count = 0;
    while (links.find()) {
      HttpResponse<String> file = get(URI.create("/docs/").resolve(links.group(1)).getPath());
      assertThat(file.statusCode()).as(links.group(1)).isEqualTo(200);
      count++;
    }
    assertThat(count).isEqualTo(5);
    assertThat(header(get("/docs/swagger-ui.css"), "Content-Type")).startsWith("text/css");
    assertThat(header(get("/docs/docket.js"), "Content-Type")).startsWith("text/javascript");
    assertThat(header(get("/docs/favicon-32x32.png"), "Content-Type")).startsWith("image/png");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs/swagger-ui.js",
        "/docs/d",
        "/docs/..%2Fdocket.js",
        "/docs/..%2F..%2Fopenapi%2Fdocket.yaml",
        "/docs/META-INF/MANIFEST.MF"
      })
  void servesNoOtherFiles(String path) throws Exception {
    assertThat(get(path).statusCode()).isBetween(400, 404);
  }
}
